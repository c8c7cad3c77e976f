//! What the shim adds to a statement on PostgreSQL over a local socket; and dual writing in one
//! statement against a trigger that copies one column to the other, the way of pgroll and Reshape.

use std::cell::Cell;

use handover::Shim;
use handover::model::State;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::support::point::{insert, select, update};
use crate::support::postgres::Server;
use crate::support::project;
use crate::support::rounds::{Pair, alternate};

const ROWS: i64 = 1000;
/// Many short rounds: few of them are cut short by what else the machine does, and the median does
/// not see these.
const ROUNDS: usize = 2000;
const STATEMENTS: i64 = 10;

/// Both tables have the same columns and indexes when `users` is in `dual_write`. Commits do not
/// wait for the disk: that is the same for both sides, and would hide the rest.
const DATABASE: [&str; 2] =
    ["CREATE DATABASE app", "ALTER DATABASE app SET synchronous_commit = off"];

const TABLES: [&str; 5] = [
    "CREATE TABLE users (id bigint PRIMARY KEY, username text UNIQUE NOT NULL, email text)",
    "CREATE TABLE synced (id bigint PRIMARY KEY, username text UNIQUE NOT NULL, email text, \
     handle text)",
    "CREATE FUNCTION sync() RETURNS trigger LANGUAGE plpgsql AS \
     'BEGIN NEW.handle := NEW.username; RETURN NEW; END'",
    "INSERT INTO users SELECT n, 'user' || n, '' FROM generate_series(1, 1000) n; \
     INSERT INTO synced SELECT n, 'user' || n, '', 'user' || n FROM generate_series(1, 1000) n",
    "CREATE TRIGGER sync BEFORE INSERT OR UPDATE ON synced FOR EACH ROW EXECUTE FUNCTION sync()",
];

const SELECT: &str = "SELECT id, handle, email FROM users WHERE id = $1";
const SELECT_SENT: &str = "SELECT id, username AS handle, email FROM users WHERE id = $1";
const UPDATE: &str = "UPDATE users SET handle = $1 WHERE id = $2";
const UPDATE_SENT: &str = "UPDATE users SET handle = $1, username = $1 WHERE id = $2";
const UPDATE_SYNCED: &str = "UPDATE synced SET username = $1 WHERE id = $2";
const INSERT: &str = "INSERT INTO users (id, handle) VALUES ($1, $2)";
const INSERT_SENT: &str = "INSERT INTO users (id, handle, username) VALUES ($1, $2, $2)";
const INSERT_SYNCED: &str = "INSERT INTO synced (id, username) VALUES ($1, $2)";

pub fn run() {
    let server = Server::start();
    server.run("postgres", &DATABASE);
    server.run("app", &TABLES);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = server.url("app");
        // The migrator needs more than one connection.
        let migrating = Database::connect(&url).await.unwrap();
        project::bring_to(&migrating, State::DualWrite).await;
        migrating.close().await.unwrap();
        let mut options = ConnectOptions::new(url);
        options.min_connections(1).max_connections(1).sqlx_logging(false);
        let bare = Database::connect(options).await.unwrap();
        let shim = Shim::builder(bare.clone(), project::example());
        let shim = shim.app_version("9.0.0").start().await.unwrap();
        against_a_trigger(&bare, &shim).await;
        against_bare(&bare, &shim).await;
        shim.shutdown().await.unwrap();
    });
}

async fn against_a_trigger(bare: &DatabaseConnection, shim: &Shim) {
    println!("transactions a second          trigger    shim   ratio");
    let next = Cell::new(0);
    let synced = || update(bare, UPDATE_SYNCED, &next, STATEMENTS, ROWS);
    let dual = || update(shim, UPDATE, &next, STATEMENTS, ROWS);
    show_rate("update of both columns", &alternate(ROUNDS, synced, dual).await);
    let next = Cell::new(1_000_000);
    let synced = || insert(bare, INSERT_SYNCED, &next, STATEMENTS);
    let dual = || insert(shim, INSERT, &next, STATEMENTS);
    show_rate("insert of both columns", &alternate(ROUNDS, synced, dual).await);
}

async fn against_bare(bare: &DatabaseConnection, shim: &Shim) {
    println!("µs a statement                    bare    shim   ratio");
    let sent = || select(bare, SELECT_SENT, STATEMENTS, ROWS);
    let through = || select(shim, SELECT, STATEMENTS, ROWS);
    show("select", &alternate(ROUNDS, sent, through).await);
    // What is left when there is no difference at all.
    show("select, bare against itself", &alternate(ROUNDS, sent, sent).await);
    let next = Cell::new(2_000_000);
    let sent = || insert(bare, INSERT_SENT, &next, STATEMENTS);
    let through = || insert(shim, INSERT, &next, STATEMENTS);
    show("insert", &alternate(ROUNDS, sent, through).await);
    let next = Cell::new(3_000_000);
    let sent = || update(bare, UPDATE_SENT, &next, STATEMENTS, ROWS);
    let through = || update(shim, UPDATE, &next, STATEMENTS, ROWS);
    show("update", &alternate(ROUNDS, sent, through).await);
    show("update, bare against itself", &alternate(ROUNDS, sent, sent).await);
}

fn show(what: &str, pair: &Pair) {
    let (first, second) = pair.medians();
    let micros = 1e6 / STATEMENTS as f64;
    println!("{what:<30} {:>7.2} {:>7.2}   {:.3}", first * micros, second * micros, pair.ratio());
}

/// The ratio says how many times as many transactions the second variant does.
fn show_rate(what: &str, pair: &Pair) {
    let (first, second) = pair.medians();
    let count = STATEMENTS as f64;
    println!(
        "{what:<30} {:>7.0} {:>7.0}   {:.3}",
        count / first,
        count / second,
        1.0 / pair.ratio()
    );
}
