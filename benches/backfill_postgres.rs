//! The backfill of a million rows against the one statement that does it all at once, and blocks
//! every writer meanwhile.

use std::time::{Duration, Instant};

use crate::support::postgres::Server;
use crate::support::project::Project;
use crate::support::rounds::{alternate, median};

const ROWS: f64 = 1e6;
const ROUNDS: usize = 5;

pub fn run() {
    let server = Server::start();
    server.seed();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut stages = Vec::new();
    let pair = runtime.block_on(async {
        let once = async || {
            server.clone_users("once");
            server.run("once", &["ALTER TABLE users ADD COLUMN handle text"]);
            let started = Instant::now();
            server.run("once", &["UPDATE users SET handle = username"]);
            started.elapsed()
        };
        let batches = async || {
            server.clone_users("batches");
            let project = Project::example(server.url("batches"));
            project.handover("9.0.0", &["db", "init", "--baseline", "8.17.0"]);
            project.handover("9.0.0", &["db", "migrate", "--pre"]);
            let started = Instant::now();
            let said = project.handover("9.0.0", &["db", "migrate", "--post", "--offline"]);
            stages.push(started.elapsed().as_secs_f64());
            copied(&said)
        };
        alternate(ROUNDS, once, batches).await
    });
    let (once, copy) = pair.medians();
    let stage = median(stages);
    println!("median of {ROUNDS}                       s     rows/s");
    println!("{:<26} {once:>7.2} {:>10.0}", "one UPDATE", ROWS / once);
    println!("{:<26} {copy:>7.2} {:>10.0}", "backfill, copying", ROWS / copy);
    println!("{:<26} {stage:>7.2} {:>10.0}", "backfill, whole stage", ROWS / stage);
    println!("rate of copying against one UPDATE: {:.2}", 1.0 / pair.ratio());
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
