//! One private PostgreSQL of each version for all tests of this process.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::memory;
use super::server::Postgres;

/// Nothing of it has to outlive the tests.
/// The random statements are planned as if they were large, and compiling them takes longer than running them.
const SETTINGS: &str = "-c max_connections=200 -c fsync=off -c full_page_writes=off \
                        -c synchronous_commit=off -c jit=off";

/// A version that the tests start. Those which name none run on the system's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    Systems,
    V18,
}

/// A database of its own, dropped with this value.
pub struct Database {
    pub url: String,
    pub name: String,
    server: &'static Postgres,
}

/// Makes an empty database, starting the server if this is the first.
pub fn fresh_database() -> Database {
    fresh_database_of(Version::Systems)
}

/// As `fresh_database`, on a server of this version.
pub fn fresh_database_of(version: Version) -> Database {
    made(server(version), "")
}

/// A copy of a database that nobody is connected to.
pub fn copy_of(database: &Database) -> Database {
    made(database.server, &format!(" TEMPLATE {}", database.name))
}

fn made(server: &'static Postgres, how: &str) -> Database {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    server.run("postgres", &[&format!("CREATE DATABASE {name}{how}")]);
    Database { url: server.url(&name), name, server }
}

impl Database {
    /// The server that it is on.
    pub const fn server(&self) -> &'static Postgres {
        self.server
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.server.run("postgres", &[&format!("DROP DATABASE {} WITH (FORCE)", self.name)]);
    }
}

/// A server of its own, for a test that needs other settings. It takes `-c name=value …` besides.
pub fn own_server(settings: &str) -> Postgres {
    Postgres::start_in(&memory::folder(), &format!("{SETTINGS} {settings}"))
}

fn server(version: Version) -> &'static Postgres {
    static SYSTEMS: OnceLock<Postgres> = OnceLock::new();
    static V18: OnceLock<Postgres> = OnceLock::new();
    match version {
        Version::Systems => SYSTEMS.get_or_init(|| Postgres::start_in(&memory::folder(), SETTINGS)),
        Version::V18 => {
            V18.get_or_init(|| Postgres::start_version_in(&memory::folder(), 18, SETTINGS))
        }
    }
}
