//! A private PostgreSQL as in production: what is committed is on disk.
//!
//! It listens on a socket in a temporary folder and nowhere else. A shell watches over it: when
//! its standard input closes, which it does however this process ends, it stops the server and
//! removes the folder.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const WATCHDOG: &str = r#"
exec >log 2>&1
"$1/initdb" -A trust -U postgres -E UTF8 --locale=C -D data </dev/null || exit 1
"$1/postgres" -D data -k "$PWD" -c listen_addresses= -c max_connections=50 \
    -c shared_buffers=1GB -c max_wal_size=4GB -c min_wal_size=2GB &
cat >/dev/null
# A server that is just starting ignores the first of these.
while kill -QUIT $!; do sleep 0.1; done
rm -rf "$PWD"
"#;

/// Stops with this value.
pub struct Server {
    programs: PathBuf,
    folder: PathBuf,
    /// Holds the other end of the shell's standard input.
    watchdog: Child,
}

impl Server {
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("handover-bench-").tempdir().unwrap().keep();
        let programs = newest_programs();
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", WATCHDOG, "watchdog"])
            .arg(&programs)
            .current_dir(&folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::piped())
            .process_group(0);
        // PostgreSQL refuses to run as root.
        if fs::metadata(&folder).unwrap().uid() == 0 {
            let (uid, gid) = unprivileged_user();
            chown(&folder, Some(uid), Some(gid)).unwrap();
            shell.uid(uid).gid(gid);
        }
        let mut server = Self { programs, watchdog: shell.spawn().unwrap(), folder };
        server.wait_until_ready();
        server
    }

    fn wait_until_ready(&mut self) {
        let deadline = Instant::now() + Duration::from_mins(1);
        let mut ready = Command::new(self.programs.join("pg_isready"));
        ready.arg("-q").arg("-h").arg(&self.folder);
        while !ready.status().unwrap().success() {
            let failed = Instant::now() > deadline || self.watchdog.try_wait().unwrap().is_some();
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(!failed, "PostgreSQL did not start in {}:\n{log}", self.folder.display());
            sleep(Duration::from_millis(20));
        }
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        let mut url = url::Url::parse("postgres://postgres@localhost").unwrap();
        url.set_path(database);
        url.query_pairs_mut().append_pair("host", self.folder.to_str().unwrap());
        url.into()
    }

    /// Runs statements, each in a transaction of its own.
    pub fn run(&self, database: &str, statements: &[&str]) {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-h"]);
        psql.arg(&self.folder);
        for statement in statements {
            psql.args(["-c", statement]);
        }
        let psql = psql.output().unwrap();
        let said = String::from_utf8_lossy(&psql.stderr);
        assert!(psql.status.success(), "{statements:?}: {said}");
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
                 email text)",
                "INSERT INTO users SELECT n, 'user' || n, n || '@example.org' \
                 FROM generate_series(1, 1000000) n",
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

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
    }
}

fn newest_programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions
        .map(|version| version.path().join("bin"))
        .filter(|programs| programs.join("postgres").exists())
        .max_by_key(|programs| {
            let version = programs.parent().and_then(Path::file_name).unwrap().to_string_lossy();
            version.parse::<u32>().unwrap_or_default()
        })
        .expect("no PostgreSQL server in /usr/lib/postgresql: run script/setup")
}

/// User and group number of `postgres`, or of `nobody` where that does not exist.
fn unprivileged_user() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let find = |name: &str| {
        let mut fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let user = fields.find(|fields| fields[0] == name)?;
        Some((user[2].parse().ok()?, user[3].parse().ok()?))
    };
    find("postgres").or_else(|| find("nobody")).expect("no user that PostgreSQL could run as")
}
