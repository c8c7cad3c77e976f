//! How many instructions the shim adds to a statement, counted by valgrind: unlike a time, the
//! count is the same under any load.
//!
//! The pool is closed meanwhile, so that every statement fails as soon as sea-orm has it: waiting
//! for SQLite's thread takes another number of instructions each time. The shim's look at the
//! error is counted too, which a statement that succeeds is spared.

use std::collections::BTreeMap;
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

const N: i64 = 2000;

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
    println!(
        "instructions a statement           bare    shim   added   by a wrapper that only forwards"
    );
    for (case, _, _) in CASES {
        let [bare, shim, wrapper] = ["bare", "shim", "wrapper"].map(|way| each(case, way));
        println!("{case:<30} {bare:>8} {shim:>7} {:>7} {:>7}", shim - bare, wrapper - bare);
    }
}

/// Instructions of one statement in the thread that sends it: what 2 N of them take more than N.
fn each(case: &str, way: &str) -> i64 {
    (counted(case, way, 2 * N) - counted(case, way, N)) / N
}

fn counted(case: &str, way: &str, statements: i64) -> i64 {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--separate-threads=yes", "--callgrind-out-file=out"])
        .arg(std::env::current_exe().unwrap())
        .args([STATEMENTS, case, way, &statements.to_string()])
        .current_dir(folder.path())
        .output()
        .expect("valgrind is not installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    // The first thread's file; the other threads are SQLite's.
    let text = std::fs::read_to_string(folder.path().join("out-01")).unwrap();
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    total.unwrap().trim().parse().unwrap()
}

/// Sends statements of one case, with the shim or without.
pub fn statements(arguments: &[String]) {
    let [case, way, count] = arguments else { panic!("{arguments:?}") };
    let cases: BTreeMap<_, _> = CASES.map(|(case, app, bare)| (case, (app, bare))).into();
    let (app, bare) = cases[case.as_str()];
    let count: i64 = count.parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let site = Site::new(Place::Memory, State::DualWrite).await;
        site.shim.shutdown().await.unwrap();
        if way != "shim" {
            site.bare.close_by_ref().await.unwrap();
            return match way.as_str() {
                "bare" => send(&site.bare, bare, count).await,
                _ => send(&Wrapper(site.bare.clone()), bare, count).await,
            };
        }
        let shim = Shim::builder(site.bare.clone(), project::example())
            .app_version("9.0.0")
            .lease(Duration::from_mins(5))
            .start()
            .await
            .unwrap();
        // No heartbeat is to be counted; the mapping stays good for the lease.
        shim.shutdown().await.unwrap();
        site.bare.close_by_ref().await.unwrap();
        send(&shim, app, count).await;
    });
}

async fn send(db: &impl ConnectionTrait, sql: &str, count: i64) {
    for n in 0..count {
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
