//! The column is put aside and given back while the app works on the table.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use handover::{Releases, Shim};
use sea_orm::{ConnectionTrait, DbErr, Statement, TransactionTrait as _};

use super::{at, project, state};
use crate::support::project::{Project, each_database};
use crate::support::wait::until;

/// What the clients tell the test.
#[derive(Default)]
struct Told {
    stop: AtomicBool,
    acknowledged: [AtomicU64; 4],
}

async fn run(on: &impl ConnectionTrait, sql: String) -> Result<(), DbErr> {
    on.execute_raw(Statement::from_string(on.get_database_backend(), sql)).await.map(|_| ())
}

/// Writes the client's number once more, as a row that follows the one before. Code of the release
/// before names the column, and reads it.
async fn step(shim: &Shim, client: usize, number: u64, knows: bool) -> Result<(), DbErr> {
    let (column, value) = if knows { (", nickname", ", 'n'") } else { ("", "") };
    let first = 1_000_000 * (client as u64 + 1);
    let (id, before) = (first + number, first + number - 1);
    let insert =
        format!("INSERT INTO users (id, email{column}) VALUES ({id}, 'c{client}-{number}'{value})");
    let delete = format!("DELETE FROM users WHERE id = {before}");
    let all = Statement::from_string(
        shim.get_database_backend(),
        format!("SELECT * FROM users WHERE id IN ({id}, {before})"),
    );
    let expect: &[&str] = if knows { &["id", "nickname", "email"] } else { &["id", "email"] };
    if client.is_multiple_of(2) {
        run(shim, insert).await?;
        run(shim, delete).await?;
        let rows = shim.query_all_raw(all).await?;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].column_names(), expect);
    } else {
        let transaction = shim.begin().await?;
        run(&transaction, insert).await?;
        run(&transaction, delete).await?;
        let rows = transaction.query_all_raw(all).await?;
        assert_eq!(rows[0].column_names(), expect);
        transaction.commit().await?;
    }
    Ok(())
}

async fn work(shim: Shim, client: usize, told: Arc<Told>, knows: bool) {
    let mut number = told.acknowledged[client].load(Ordering::Relaxed);
    while !told.stop.load(Ordering::Relaxed) {
        number += 1;
        step(&shim, client, number, knows)
            .await
            .unwrap_or_else(|error| panic!("client {client}: {error:?}"));
        told.acknowledged[client].store(number, Ordering::Relaxed);
        tokio::task::yield_now().await;
    }
    shim.shutdown().await.unwrap();
}

async fn start(project: &Project, release: &str) -> Shim {
    let shim = Shim::builder(project.connect().await, Releases::default());
    shim.app_version(release).start().await.unwrap()
}

#[test]
fn drop_under_traffic_fails_and_loses_nothing() {
    each_database(|given| {
        let project = project(given.db);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let clients =
            |release: &'static str, numbers: [usize; 2], told: &Arc<Told>, knows: bool| {
                runtime.block_on(async {
                    let mut all = Vec::new();
                    for client in numbers {
                        let shim = start(&project, release).await;
                        all.push(tokio::spawn(work(shim, client, Arc::clone(told), knows)));
                    }
                    all
                })
            };
        let stop = |told: &Told, all: Vec<tokio::task::JoinHandle<()>>| {
            told.stop.store(true, Ordering::Relaxed);
            runtime.block_on(async {
                for client in all {
                    client.await.unwrap();
                }
            });
        };
        let wait = ["--wait", "1m"];
        let migrate = [&["db", "migrate"][..], &wait].concat();
        let (old, new) = (Arc::new(Told::default()), Arc::new(Told::default()));
        let old_clients = clients("8.0.0", [0, 1], &old, true);
        at(&project, "9.0.0", &[&migrate[..], &["--pre"]].concat(), 0);
        assert_eq!(state(&project), "ignored");
        // The roll-out: both releases work beside each other.
        let new_clients = clients("9.0.1", [2, 3], &new, false);
        let more = |told: &Told, clients: [usize; 2]| {
            let seen = clients.map(|client| told.acknowledged[client].load(Ordering::Relaxed));
            until("each client has written more", || {
                clients.iter().zip(seen).all(|(client, seen)| {
                    told.acknowledged[*client].load(Ordering::Relaxed) > seen + 10
                })
            });
        };
        more(&old, [0, 1]);
        more(&new, [2, 3]);
        stop(&old, old_clients);
        for _ in 0..4 {
            at(&project, "9.0.1", &migrate, 0);
            assert_eq!(state(&project), "contracted");
            at(&project, "9.0.1", &[&["db", "rollback"][..], &wait].concat(), 0);
            assert_eq!(state(&project), "ignored");
        }
        at(&project, "9.0.1", &migrate, 0);
        more(&new, [2, 3]);
        let kept =
            "SELECT nickname_dropped FROM users WHERE nickname_dropped IS NOT NULL ORDER BY 1";
        assert_eq!(project.query(kept), ["ada", "bob", "n", "n"]);
        // A release in between, so that the fleet has reached the purge's.
        stop(&new, new_clients);
        new.stop.store(false, Ordering::Relaxed);
        let last = &new;
        let last_clients = clients("9.1.0", [2, 3], last, false);
        at(&project, "9.1.0", &migrate, 0);
        assert_eq!(state(&project), "purged");
        more(last, [2, 3]);
        stop(last, last_clients);
        for (client, told) in [(0, &old), (1, &old), (2, &new), (3, &new)] {
            let number = told.acknowledged[client].load(Ordering::Relaxed);
            let sql = format!("SELECT email FROM users WHERE email LIKE 'c{client}-%'");
            assert_eq!(project.query(&sql), [format!("c{client}-{number}")]);
        }
    });
}
