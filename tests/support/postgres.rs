//! One private PostgreSQL for all tests of this process.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::server::Postgres;

/// Nothing of it has to outlive the tests.
const SETTINGS: &str =
    "-c max_connections=200 -c fsync=off -c full_page_writes=off -c synchronous_commit=off";

/// A database of its own, dropped with this value.
pub struct Database {
    pub url: String,
    name: String,
}

/// Makes an empty database, starting the server if this is the first.
pub fn fresh_database() -> Database {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let server = server();
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    server.run("postgres", &[&format!("CREATE DATABASE {name}")]);
    Database { url: server.url(&name), name }
}

/// A copy of a database that nobody is connected to.
pub fn copy_of(database: &Database) -> Database {
    let copy = fresh_database();
    let (server, name) = (server(), &copy.name);
    server.run("postgres", &[&format!("DROP DATABASE {name}")]);
    server.run("postgres", &[&format!("CREATE DATABASE {name} TEMPLATE {}", database.name)]);
    copy
}

impl Drop for Database {
    fn drop(&mut self) {
        server().run("postgres", &[&format!("DROP DATABASE {} WITH (FORCE)", self.name)]);
    }
}

/// A server of its own, for a test that needs other settings. It takes `-c name=value …` besides.
pub fn own_server(settings: &str) -> Postgres {
    Postgres::start(&format!("{SETTINGS} {settings}"))
}

fn server() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    SERVER.get_or_init(|| Postgres::start(SETTINGS))
}
