//! A private `PgBouncer` before the PostgreSQL of the tests.

use std::os::unix::net::UnixStream;
use std::path::Path;

use super::memory;
use super::postgres::Database;
use super::server::Server;

const PROGRAM: &str = "/usr/sbin/pgbouncer";

const WATCHDOG: &str = r#"
exec >log 2>&1
cat >pgbouncer.ini <<INI
[databases]
* = host=$2 user=postgres
[pgbouncer]
unix_socket_dir = $PWD
listen_addr =
listen_port = 6432
auth_type = any
pool_mode = $3
default_pool_size = $4
ignore_startup_parameters = $5
INI
"$1" pgbouncer.ini &
cat >/dev/null
kill -KILL $!
wait
rm -rf "$PWD"
"#;

/// What sqlx asks each server for, and no `PgBouncer` has.
const FLOATS: &str = "extra_float_digits";

/// Stops with this value.
pub struct PgBouncer {
    server: Server,
    database: String,
}

impl PgBouncer {
    /// Starts one that gives a session of the server to one transaction at a time, and has one session in
    /// all: whatever a client leaves in it, the next client finds.
    pub fn with_one_session(database: &Database) -> Self {
        Self::start(database, "transaction", 1, FLOATS)
    }

    /// As `with_one_session`; it takes a client that asks for options, and does not pass them on.
    pub fn with_one_session_and_no_options(database: &Database) -> Self {
        Self::start(database, "transaction", 1, &format!("{FLOATS}, options"))
    }

    /// Starts one that gives a session of the server to one client at a time.
    pub fn with_a_session_each(database: &Database) -> Self {
        Self::start(database, "session", 20, FLOATS)
    }

    fn start(database: &Database, mode: &str, sessions: u32, ignored: &str) -> Self {
        assert!(Path::new(PROGRAM).exists(), "no PgBouncer at {PROGRAM}: run script/setup");
        let folder = database.server().folder().to_str().unwrap().to_owned();
        let sessions = sessions.to_string();
        let arguments = [PROGRAM, &folder, mode, &sessions, ignored];
        let server = Server::start(&memory::folder(), "postgres", WATCHDOG, &arguments, |folder| {
            UnixStream::connect(folder.join(".s.PGSQL.6432")).is_ok()
        });
        Self { server, database: database.name.clone() }
    }

    /// The URL of the database, through it.
    pub fn url(&self) -> String {
        let mut url = url::Url::parse("postgres://postgres@localhost:6432").unwrap();
        url.set_path(&self.database);
        url.query_pairs_mut().append_pair("host", self.server.folder().to_str().unwrap());
        url.into()
    }
}
