//! What an announced name costs on PostgreSQL while it lasts: a transaction of one and of ten statements
//! in `announced`, where the first one is sent in a savepoint, against the same in `pending`. And a
//! statement after a rename in place, against the same through an updatable view that has the new name.

use std::time::{Duration, Instant};

use handover::Shim;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement, TransactionTrait,
};

use crate::support::point::select;
use crate::support::postgres::Server;
use crate::support::project::{self, Project};
use crate::support::rounds::{Pair, alternate};

const ROWS: i64 = 1000;
const ROUNDS: usize = 2000;
const STATEMENTS: i64 = 10;
const SELECT: &str = "SELECT id, handle, email FROM users WHERE id = $1";
const SELECT_VIEW: &str = "SELECT id, handle, email FROM users_by_handle WHERE id = $1";

const TABLES: [&str; 2] = [
    "CREATE TABLE users (id bigint PRIMARY KEY, username text UNIQUE NOT NULL, email text)",
    "INSERT INTO users SELECT n, 'user' || n, '' FROM generate_series(1, 1000) n",
];

pub fn run() {
    let server = Server::start();
    for database in ["pending", "announced"] {
        server.run("postgres", &[&format!("CREATE DATABASE {database}")]);
        server.run(database, &TABLES);
        let project = Project::example(server.url(database));
        project.rename_in_place();
        project.handover("8.17.0", &["db", "init", "--baseline", "8.17.0"]);
        if database == "announced" {
            project.handover("9.0.0", &["db", "migrate", "--pre", "--offline"]);
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let pending = start(&server.url("pending")).await;
        let announced = start(&server.url("announced")).await;
        println!("µs a transaction              pending  announced   ratio");
        for (what, statements) in [("of one statement", 1), ("of ten statements", 10)] {
            let before = || transaction(&pending, statements);
            let after = || transaction(&announced, statements);
            show(what, &alternate(ROUNDS, before, after).await, 1.0);
        }
        announced.shutdown().await.unwrap();
        pending.shutdown().await.unwrap();
    });
    let project = Project::example(server.url("announced"));
    project.rename_in_place();
    project.handover("9.0.1", &["db", "migrate", "--offline"]);
    server
        .run("announced", &["CREATE VIEW users_by_handle AS SELECT id, handle, email FROM users"]);
    runtime.block_on(async {
        let shim = start(&server.url("announced")).await;
        let view = connect(&server.url("announced")).await;
        println!("µs a statement                   view       shim   ratio");
        let through_view = || select(&view, SELECT_VIEW, STATEMENTS, ROWS);
        let through_shim = || select(&shim, SELECT, STATEMENTS, ROWS);
        show("select, renamed", &alternate(ROUNDS, through_view, through_shim).await, 10.0);
        shim.shutdown().await.unwrap();
    });
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.min_connections(1).max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

async fn start(url: &str) -> Shim {
    let shim = Shim::builder(connect(url).await, project::example());
    shim.app_version("9.0.0").start().await.unwrap()
}

/// Runs one transaction with some statements.
async fn transaction(shim: &Shim, statements: i64) -> Duration {
    let started = Instant::now();
    let transaction = shim.begin().await.unwrap();
    for key in 1..=statements {
        let backend = transaction.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, SELECT, [key.into()]);
        transaction.query_one_raw(statement).await.unwrap().unwrap();
    }
    transaction.commit().await.unwrap();
    started.elapsed()
}

fn show(what: &str, pair: &Pair, of: f64) {
    let (first, second) = pair.medians();
    let micros = 1e6 / of;
    println!("{what:<27} {:>9.2}  {:>9.2}   {:.3}", first * micros, second * micros, pair.ratio());
}
