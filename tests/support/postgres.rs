//! One private PostgreSQL for all tests of this process.
//!
//! It listens on a socket in a temporary folder and nowhere else. A shell
//! watches over it: when its standard input closes, which it does however this
//! process ends, it stops the server and removes the folder.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

const WATCHDOG: &str = r#"
exec >log 2>&1
"$1/initdb" -A trust -U postgres -E UTF8 --locale=C --no-sync -D data </dev/null || exit 1
# Everybody may come in, but for the one role that tests give a password.
{ echo 'local all locked_out scram-sha-256'; cat data/pg_hba.conf; } >hba && mv hba data/pg_hba.conf
"$1/postgres" -D data -k "$PWD" -c listen_addresses= -c max_connections=200 \
    -c fsync=off -c full_page_writes=off -c synchronous_commit=off &
cat >/dev/null
# A server that is just starting ignores the first of these.
while kill -QUIT $!; do sleep 0.1; done
rm -rf "$PWD"
"#;

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
    server.run(&format!("CREATE DATABASE {name}"));
    let mut url = url::Url::parse("postgres://postgres@localhost").unwrap();
    url.set_path(&name);
    url.query_pairs_mut().append_pair("host", server.folder.to_str().unwrap());
    Database { url: url.into(), name }
}

impl Drop for Database {
    fn drop(&mut self) {
        server().run(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

struct Server {
    programs: PathBuf,
    folder: PathBuf,
    /// Holds the other end of the shell's standard input.
    watchdog: Child,
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

impl Server {
    fn start() -> Self {
        let programs = newest_programs();
        let folder =
            tempfile::Builder::new().prefix("handover-postgres-").tempdir().unwrap().keep();
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", WATCHDOG, "watchdog"])
            .arg(&programs)
            .current_dir(&folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::piped())
            // An interrupt from the terminal is for the tests; the shell hears of their end.
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

    fn run(&self, sql: &str) {
        let psql = Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-U", "postgres", "-d", "postgres", "-c", sql, "-h"])
            .arg(&self.folder)
            .output()
            .unwrap();
        assert!(psql.status.success(), "{sql}: {}", String::from_utf8_lossy(&psql.stderr));
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
