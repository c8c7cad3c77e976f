//! A private PostgreSQL as in production: what is committed is on disk.

use super::server::Postgres;

const SETTINGS: &str = "-c max_connections=50 -c shared_buffers=1GB -c max_wal_size=4GB \
                        -c min_wal_size=2GB";

/// Stops with this value.
pub struct Server(Postgres);

impl Server {
    pub fn start() -> Self {
        Self(Postgres::start(SETTINGS))
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        self.0.url(database)
    }

    /// Runs statements, each in a transaction of its own.
    pub fn run(&self, database: &str, statements: &[&str]) {
        self.0.run(database, statements);
    }

    /// Makes the database `users`, with a table of that name and a million rows, to clone. And
    /// writes a lot, so that the log is written to files that are there, as on a server that has
    /// run for a while: making and syncing a new one holds every commit up.
    pub fn seed(&self) {
        self.run("postgres", &["CREATE DATABASE users"]);
        self.run(
            "users",
            &[
                "CREATE TABLE users (id bigint PRIMARY KEY, username text UNIQUE NOT NULL, \
                 email text, visits integer NOT NULL DEFAULT 0)",
                &format!(
                    "INSERT INTO users SELECT n, 'user' || n, n || '@example.org', n \
                     FROM generate_series(1, {}) n",
                    super::load::rows()
                ),
                "VACUUM ANALYZE users",
            ],
        );
        for _ in 0..2 {
            self.clone_users("written");
            self.run("written", &["UPDATE users SET username = username || 'x'", "CHECKPOINT"]);
        }
        self.run("postgres", &["DROP DATABASE written"]);
    }

    /// A fresh clone of the database `users`, and everything on disk.
    pub fn clone_users(&self, name: &str) {
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        let create = format!("CREATE DATABASE {name} TEMPLATE users");
        self.run("postgres", &[&drop, &create, "CHECKPOINT"]);
    }
}
