//! The backfill of a million rows against the one statement that does it all at once, and blocks
//! every writer meanwhile: of a copy under another name, and of a change of type.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, Statement};

use crate::support::postgres::Server;
use crate::support::project::Project;
use crate::support::rounds::{alternate, median};

const ROWS: f64 = 1e6;
const ROUNDS: usize = 5;

pub fn run() {
    let server = Server::start();
    server.seed();
    for workers in [1, 2] {
        compare(&server, &COPY, workers);
    }
}

/// The same for a change of type.
pub fn run_retype() {
    let server = Server::start();
    server.seed();
    for workers in [1, 2] {
        compare(&server, &RETYPE, workers);
    }
}

/// A change, and what one would do by hand instead.
struct ByHand {
    add: &'static str,
    update: &'static str,
    finish: &'static [&'static str],
    /// What `handover gen` is told; `None` for the worked example.
    generate: Option<&'static [&'static str]>,
}

const COPY: ByHand = ByHand {
    add: "ALTER TABLE users ADD COLUMN handle text",
    update: "UPDATE users SET handle = username",
    finish: &[
        "CREATE UNIQUE INDEX h ON users (handle)",
        "ALTER TABLE users ALTER handle SET NOT NULL",
    ],
    generate: None,
};

const RETYPE: ByHand = ByHand {
    add: "ALTER TABLE users ADD COLUMN visits_bigint bigint",
    update: "UPDATE users SET visits_bigint = visits",
    finish: &["ALTER TABLE users ALTER visits_bigint SET NOT NULL"],
    generate: Some(&["gen", "retype", "users.visits", "bigint", "--release", "9.0.0"]),
};

/// So many workers against the one statement.
fn compare(server: &Server, change: &ByHand, workers: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut stages, mut logged) = (Vec::new(), Vec::new());
    let pair = runtime.block_on(async {
        let mut once_logged = Vec::new();
        let once = async || {
            server.clone_users("once");
            server.run("once", &[change.add]);
            let before = written(&server.url("once")).await;
            let started = Instant::now();
            server.run("once", &[change.update]);
            let took = started.elapsed();
            server.run("once", change.finish);
            once_logged.push(written(&server.url("once")).await - before);
            took
        };
        let batches = async || {
            server.clone_users("batches");
            let url = server.url("batches");
            let project = match change.generate {
                None => Project::example(url),
                Some(generate) => {
                    let project = Project::new(Some(url));
                    project.handover("9.0.0", generate);
                    project
                }
            };
            project.handover("9.0.0", &["db", "init", "--baseline", "8.17.0"]);
            project.handover("9.0.0", &["db", "migrate", "--pre"]);
            let before = written(&server.url("batches")).await;
            let started = Instant::now();
            let workers = workers.to_string();
            let migrate = ["db", "migrate", "--post", "--offline", "--backfill-workers", &workers];
            let said = project.handover("9.0.0", &migrate);
            stages.push(started.elapsed().as_secs_f64());
            logged.push(written(&server.url("batches")).await - before);
            copied(&said)
        };
        let pair = alternate(ROUNDS, once, batches).await;
        (pair, once_logged)
    });
    let (pair, once_logged) = pair;
    let (once, copy) = pair.medians();
    let stage = median(stages);
    println!("median of {ROUNDS}, workers: {workers}           s     rows/s");
    println!("{:<26} {once:>7.2} {:>10.0}", "one UPDATE", ROWS / once);
    println!("{:<26} {copy:>7.2} {:>10.0}", "backfill, copying", ROWS / copy);
    println!("{:<26} {stage:>7.2} {:>10.0}", "backfill, whole stage", ROWS / stage);
    println!("rate of copying against one UPDATE: {:.2}", 1.0 / pair.ratio());
    let log = median(logged) / median(once_logged);
    println!("log written by the stage against doing it by hand: {log:.3}");
}

/// How much has been written to the server's log, in bytes.
async fn written(url: &str) -> f64 {
    let db = sea_orm::Database::connect(url).await.unwrap();
    let sql = "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 AS bytes";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    let bytes = row.unwrap().unwrap().try_get("", "bytes").unwrap();
    db.close().await.unwrap();
    bytes
}

/// How long the log says that copying took.
fn copied(log: &str) -> Duration {
    let line = log.lines().find(|line| line.contains("copied change=")).expect(log);
    let text = line.split("took=").nth(1).unwrap();
    let text = text.split_whitespace().next().unwrap();
    let number = text.trim_end_matches(|c: char| c.is_alphabetic());
    let seconds: f64 = number.parse().unwrap();
    match &text[number.len()..] {
        "s" => Duration::from_secs_f64(seconds),
        "ms" => Duration::from_secs_f64(seconds / 1e3),
        other => panic!("copied in {other}? {line}"),
    }
}
