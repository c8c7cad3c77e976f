//! `handover db migrate` with nothing to do, as at almost every deploy: the whole process.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Database};

use crate::support::project::Project;
use crate::support::rounds::alternate;

const RENAMES: u32 = 333;
const RELEASES: u32 = 50;
const ROUNDS: usize = 100;

pub fn run() {
    let project = released_and_applied();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let pair = runtime.block_on(async {
        let version = async || took(&project, &["--version"]);
        alternate(ROUNDS, version, async || took(&project, &["db", "migrate"])).await
    });
    let (version, migrate) = pair.medians();
    println!("ms of the whole process, median of {ROUNDS}");
    println!("{:<30} {:>7.2}", "handover --version", version * 1e3);
    println!("{:<30} {:>7.2}", "db migrate, 1000 applied", migrate * 1e3);
}

fn took(project: &Project, arguments: &[&str]) -> Duration {
    let mut command = project.command("2.0.0", arguments);
    let started = Instant::now();
    let output = command.output().unwrap();
    let took = started.elapsed();
    assert!(output.status.success(), "{output:?}");
    took
}

/// 1,000 migrations in 100 releases, all of them done: 333 renames and one of plain SQL.
fn released_and_applied() -> Project {
    let project = Project::new(None);
    let mut sql = "CREATE TABLE plain (id integer PRIMARY KEY);".to_owned();
    project.write("release_migrations/1.0.0/1_plain.sql", &sql);
    for n in 0..RENAMES {
        write!(sql, "CREATE TABLE t{n} (id integer PRIMARY KEY, handle text NOT NULL);").unwrap();
        let change = format!("rename_t{n}_username_to_handle");
        for (at, stage) in ["expand", "backfill", "contract"].into_iter().enumerate() {
            let release = format!("1.{}.{}", n % RELEASES, usize::from(stage == "contract"));
            let id = u64::from(n) * 10 + 20_261_121_093_000 + at as u64;
            let deploy = if stage == "expand" { "pre" } else { "post" };
            project.write(
                format!("release_migrations/{release}/{id}_{change}.{stage}.yml"),
                &format!(
                    "# Stage {} of 3: {stage}, as the generator comments on it.\nid: {id}\n\
                     change: {change}\nstage: {stage}\ndeploy: {deploy}\n\
                     rename: {{ table: t{n}, from: username, to: handle }}\n",
                    at + 1
                ),
            );
        }
    }
    execute(&project, &sql);
    project.handover("2.0.0", &["db", "init", "--baseline", "2.0.0"]);
    // What the migrator notes of a column when it really renames it is about this long.
    execute(
        &project,
        "UPDATE handover_changes SET definition = '\"' || hex(zeroblob(300)) || '\"'",
    );
    let said = project.handover("2.0.0", &["db", "migrate"]);
    assert!(!said.contains("done"), "{said}");
    project
}

fn execute(project: &Project, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = Database::connect(project.url()).await.unwrap();
        db.execute_unprepared(sql).await.unwrap();
        db.close().await.unwrap();
    });
}
