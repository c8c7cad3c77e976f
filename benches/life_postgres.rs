//! The whole life of a rename under load, by a copy and in place, and again while another transaction
//! holds the table open as each stage begins: how long the app's statements take meanwhile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Database, TransactionTrait};
use tokio::time::sleep;

use crate::support::load::{App, Load, rows};
use crate::support::postgres::Server;
use crate::support::project::Project;

/// What a deploy does, with the release that the app's processes have by then.
const LIFE: [(&str, &str, &[&str]); 3] = [
    ("8.17.0", "expand", &["db", "migrate", "--pre"]),
    ("9.0.0", "backfill", &["db", "migrate", "--post", "--wait", "1m"]),
    ("9.0.1", "contract", &["db", "migrate", "--wait", "1m"]),
];

/// The same for a rename in place.
const LIFE_IN_PLACE: [(&str, &str, &[&str]); 2] = [LIFE[0], LIFE[2]];

/// By a copy.
pub fn run() {
    run_by(Kind::Copy);
}

/// In place; half of the app's statements are in transactions of two.
pub fn run_in_place() {
    run_by(Kind::InPlace);
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Copy,
    InPlace,
}

fn run_by(kind: Kind) {
    let server = Server::start();
    server.seed();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for blocked in [false, true] {
        server.clone_users("life");
        println!(
            "{} rows; ms{}",
            rows(),
            if blocked { "; a transaction holds the table open for 5 s" } else { "" }
        );
        println!(
            "{:<16} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7}",
            "", "count", "p50", "p99", "max", "failed", "s"
        );
        runtime.block_on(live(&server.url("life"), kind, blocked));
    }
}

async fn live(url: &str, kind: Kind, blocked: bool) {
    let project = Project::example(url.to_owned());
    let in_place = kind == Kind::InPlace;
    if in_place {
        project.rename_in_place();
    }
    project.handover("8.17.0", &["db", "init", "--baseline", "8.17.0"]);
    let app = Arc::new(App::start(url, "8.17.0", in_place).await);
    let load = Load::start(Arc::clone(&app));
    // The first statements open connections.
    sleep(Duration::from_secs(2)).await;
    load.take();
    sleep(Duration::from_secs(5)).await;
    show("before", &load, 5.0);
    let life: &[_] = if in_place { &LIFE_IN_PLACE } else { &LIFE };
    for &(running, stage, arguments) in life {
        app.become_release(url, running).await;
        let version = if stage == "expand" { "9.0.0" } else { running };
        let blocker = if blocked { Some(tokio::spawn(hold(url.to_owned()))) } else { None };
        sleep(Duration::from_millis(200)).await;
        load.take();
        let started = Instant::now();
        let mut command = tokio::task::spawn_blocking({
            let mut command = project.command(version, arguments);
            move || command.output().unwrap()
        });
        let output = (&mut command).await.unwrap();
        let took = started.elapsed().as_secs_f64();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // What was scheduled while the stage ran is part of it.
        sleep(Duration::from_millis(500)).await;
        show(stage, &load, took);
        if let Some(blocker) = blocker {
            blocker.await.unwrap();
        }
    }
    sleep(Duration::from_secs(3)).await;
    show("after", &load, 3.0);
    load.stop().await;
    app.stop().await;
}

fn show(what: &str, load: &Load, seconds: f64) {
    let mut taken = load.take();
    taken.latencies.sort_unstable();
    let count = taken.latencies.len();
    let at = |percent: usize| taken.latencies[(count - 1) * percent / 100].as_secs_f64() * 1e3;
    println!(
        "{what:<16} {count:>7} {:>7.2} {:>7.2} {:>7.2} {:>7} {seconds:>7.2}",
        at(50),
        at(99),
        at(100),
        taken.failed.len()
    );
    if let Some(error) = taken.failed.first() {
        println!("    {error}");
    }
}

/// Another service's transaction, which has read the table and is in no hurry.
async fn hold(url: String) {
    let db = Database::connect(url).await.unwrap();
    let transaction = db.begin().await.unwrap();
    transaction.execute_unprepared("SELECT count(*) FROM users WHERE id < 10").await.unwrap();
    sleep(Duration::from_secs(5)).await;
    transaction.commit().await.unwrap();
    db.close().await.unwrap();
}
