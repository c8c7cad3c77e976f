//! How many instructions the shim adds to a statement, counted by valgrind: unlike a time, the
//! count is the same under any load.
//!
//! Counted is the loop that sends [`N`] statements, after as many to warm up, in the thread that
//! sends them. Each process has both connections and sends by one of them, so that all else is
//! alike. Two things would make a count differ from run to run:
//!
//! - What an allocation costs depends on how the memory lies, for the large future of sea-orm by
//!   more than a hundred. So what happens within the allocator is left out, the allocations are
//!   counted, and each is charged with what a small one takes, all of the shim's being small.
//! - glibc copies a future of this size with `rep movsb`, of which valgrind counts each byte; how
//!   many bytes are copied otherwise depends on the address. It is told to do without.
//!
//! The pool is closed meanwhile, so that every statement fails as soon as sea-orm has it: waiting
//! for SQLite's thread takes another number of instructions each time. Of a statement on a renamed
//! table the shim's look at the error is counted too, which one that succeeds is spared.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use handover::Shim;
use handover::model::State;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    Value,
};

use crate::support::project;
use crate::support::site::{Place, Site};

/// The argument that makes this program send statements, under valgrind.
pub const STATEMENTS: &str = "statements";

/// Counts what a small allocation takes, in place of a statement.
const ALLOCATION: &str = "allocation";

/// Statements that are counted.
const N: i64 = 1000;

/// What is sent, and how it has to be sent without the shim.
const CASES: [(&str, &str, &str); 5] = [
    (
        "mapped select",
        "SELECT \"users\".\"id\", \"users\".\"handle\", \"users\".\"email\" FROM \"users\" \
         WHERE \"users\".\"id\" = ? LIMIT ?",
        "SELECT \"users\".\"id\", \"users\".\"username\" AS \"handle\", \"users\".\"email\" \
         FROM \"users\" WHERE \"users\".\"id\" = ? LIMIT ?",
    ),
    (
        "mapped update",
        "UPDATE \"users\" SET \"handle\" = ? WHERE \"users\".\"id\" = ?",
        "UPDATE \"users\" SET \"handle\" = ?1, \"username\" = ?1 WHERE \"users\".\"id\" = ?2",
    ),
    (
        "mapped table, no mapped column",
        "SELECT \"users\".\"id\", \"users\".\"email\" FROM \"users\" WHERE \"users\".\"id\" = ? \
         LIMIT ?",
        "SELECT \"users\".\"id\", \"users\".\"email\" FROM \"users\" WHERE \"users\".\"id\" = ? \
         LIMIT ?",
    ),
    (
        "unmapped select",
        "SELECT \"members\".\"id\", \"members\".\"username\", \"members\".\"email\" FROM \
         \"members\" WHERE \"members\".\"id\" = ? LIMIT ?",
        "SELECT \"members\".\"id\", \"members\".\"username\", \"members\".\"email\" FROM \
         \"members\" WHERE \"members\".\"id\" = ? LIMIT ?",
    ),
    (
        "unmapped update",
        "UPDATE \"members\" SET \"username\" = ? WHERE \"members\".\"id\" = ?",
        "UPDATE \"members\" SET \"username\" = ? WHERE \"members\".\"id\" = ?",
    ),
];

/// The least that a connection around another one adds when it is written the usual way.
struct Wrapper(DatabaseConnection);

#[async_trait::async_trait]
impl ConnectionTrait for Wrapper {
    fn get_database_backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.0.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.0.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.0.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.0.query_all_raw(statement).await
    }
}

pub fn run() {
    let boxes = Count::of(ALLOCATION, "");
    let price = boxes.allocator / boxes.allocations;
    println!("an allocation, given back: {price}");
    println!(
        "instructions a statement           bare    shim   added  of which allocations   by a wrapper"
    );
    for (case, _, _) in CASES {
        let [bare, shim, wrapper] =
            ["bare", "shim", "wrapper"].map(|way| Count::of(case, way).each(price));
        let [added, forwarding] = [&shim, &wrapper].map(|own| own.instructions - bare.instructions);
        let allocations = shim.allocations - bare.allocations;
        println!(
            "{case:<30} {:>8} {:>7} {added:>7} {allocations:>21} {forwarding:>14}",
            bare.instructions, shim.instructions,
        );
    }
}

/// What one run has taken.
struct Count {
    /// Outside of the allocator.
    outside: i64,
    allocator: i64,
    allocations: i64,
}

/// What one statement takes.
struct Each {
    instructions: i64,
    allocations: i64,
}

impl Count {
    fn of(case: &str, way: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--separate-threads=yes", "--callgrind-out-file=out"])
            .args(["--dump-instr=yes", "--compress-strings=no", "--compress-pos=no"])
            .arg("--toggle-collect=*instructions::counted*")
            .arg(std::env::current_exe().unwrap())
            .args([STATEMENTS, case, way])
            .env("GLIBC_TUNABLES", "glibc.cpu.x86_rep_movsb_threshold=1073741824")
            .current_dir(folder.path())
            .output()
            .expect("valgrind is not installed");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        // The first thread's file; the other threads are SQLite's.
        Self::read(&std::fs::read_to_string(folder.path().join("out-01")).unwrap())
    }

    /// Of callgrind's file: `fn=` begins what one function took, an address, a line and a count at a
    /// time; after `cfn=` and `calls=` the count is what was called from there, all in all.
    fn read(text: &str) -> Self {
        let mut count = Self { outside: 0, allocator: 0, allocations: 0 };
        let (mut function, mut called) = ("", None);
        // How often the first instruction of each function of the allocator was reached.
        let mut entered: BTreeMap<&str, (u64, i64)> = BTreeMap::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("fn=") {
                function = name;
            } else if let Some(name) = line.strip_prefix("cfn=") {
                called = Some(name);
            } else if let Some(total) = line.strip_prefix("totals: ") {
                count.outside += total.trim().parse::<i64>().unwrap();
            } else if let Some(address) = line.strip_prefix("0x") {
                let mut fields = address.split(' ');
                let at = u64::from_str_radix(fields.next().unwrap(), 16).unwrap();
                let cost: i64 = fields.nth(1).unwrap().parse().unwrap();
                let callee = called.take();
                if callee.is_some_and(is_allocator) && !is_allocator(function) {
                    count.allocator += cost;
                    count.outside -= cost;
                } else if callee.is_none() && is_allocator(function) && function != "free" {
                    let first = entered.entry(function).or_insert((at, 0));
                    if at < first.0 {
                        *first = (at, 0);
                    }
                    if at == first.0 {
                        first.1 += cost;
                    }
                }
            }
        }
        count.allocations = entered.values().map(|(_, times)| times).sum();
        count
    }

    fn each(&self, price: i64) -> Each {
        let instructions = (self.outside + self.allocations * price + N / 2) / N;
        Each { instructions, allocations: (self.allocations + N / 2) / N }
    }
}

fn is_allocator(function: &str) -> bool {
    matches!(function, "malloc" | "calloc" | "realloc" | "free")
}

/// What valgrind counts. A function of its own in the program, for valgrind to find it by its name.
#[inline(never)]
fn counted(work: &mut dyn FnMut()) {
    work();
}

/// Sends statements of one case, with the shim or without.
pub fn statements(arguments: &[String]) {
    let [case, way] = arguments else { panic!("{arguments:?}") };
    if case == ALLOCATION {
        return counted(&mut || (0..N).for_each(|n| drop(black_box(Box::new([n; 4])))));
    }
    let cases: BTreeMap<_, _> = CASES.map(|(case, app, bare)| (case, (app, bare))).into();
    let (app, sql) = cases[case.as_str()];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (bare, shim) = runtime.block_on(async {
        let site = Site::new(Place::Memory, State::DualWrite).await;
        site.shim.shutdown().await.unwrap();
        let shim = Shim::builder(site.bare.clone(), project::example())
            .app_version("9.0.0")
            .lease(Duration::from_mins(5))
            .start()
            .await
            .unwrap();
        // No heartbeat is to be counted; the mapping stays good for the lease.
        shim.shutdown().await.unwrap();
        site.bare.close_by_ref().await.unwrap();
        (site.bare, shim)
    });
    let wrapper = Wrapper(bare.clone());
    let mut work = || match way.as_str() {
        "bare" => runtime.block_on(send(&bare, sql)),
        "shim" => runtime.block_on(send(&shim, app)),
        _ => runtime.block_on(send(&wrapper, sql)),
    };
    work();
    counted(&mut work);
}

async fn send(db: &impl ConnectionTrait, sql: &str) {
    for n in 0..N {
        let key: Value = (1 + n % 1000).into();
        let backend = db.get_database_backend();
        if sql.starts_with("SELECT") {
            let values = [key, Value::from(1_i64)];
            let statement = Statement::from_sql_and_values(backend, sql, values);
            assert!(db.query_one_raw(statement).await.is_err());
        } else {
            let values = [Value::from(format!("renamed{n}")), key];
            let statement = Statement::from_sql_and_values(backend, sql, values);
            assert!(db.execute_raw(statement).await.is_err());
        }
    }
}
