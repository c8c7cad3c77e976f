//! A private server of a database, for the tests and for the benchmarks.
//!
//! It listens on a socket in a temporary folder and nowhere else. A shell watches over it: when its
//! standard input closes, which it does however this process ends, it stops the server and removes
//! the folder.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Stops with this value.
pub struct Server {
    folder: PathBuf,
    /// Holds the other end of the shell's standard input.
    watchdog: Child,
}

impl Server {
    /// Starts what the script starts, in a folder of its own below `root`, and waits until it is
    /// ready. The script goes on until its standard input closes, and removes the folder. Servers
    /// refuse to run as root: then it runs as `user`, or as `nobody` where that does not exist.
    pub fn start(
        root: &Path,
        user: &str,
        script: &str,
        arguments: &[&str],
        is_ready: impl Fn(&Path) -> bool,
    ) -> Self {
        let prefix = format!("handover-{user}-");
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir_in(root).unwrap().keep();
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", script, "watchdog"])
            .args(arguments)
            .current_dir(&folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::piped())
            // An interrupt from the terminal is for the tests; the shell hears of their end.
            .process_group(0);
        if fs::metadata(&folder).unwrap().uid() == 0 {
            let (uid, gid) = unprivileged(user);
            chown(&folder, Some(uid), Some(gid)).unwrap();
            shell.uid(uid).gid(gid);
        }
        let mut server = Self { watchdog: shell.spawn().unwrap(), folder };
        let deadline = Instant::now() + Duration::from_mins(1);
        while !is_ready(server.folder()) {
            let failed = Instant::now() > deadline || server.watchdog.try_wait().unwrap().is_some();
            let log = fs::read_to_string(server.folder.join("log")).unwrap_or_default();
            assert!(!failed, "no server came up in {}:\n{log}", server.folder.display());
            sleep(Duration::from_millis(20));
        }
        server
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
    }
}

/// The user's number and group number.
fn unprivileged(user: &str) -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let find = |name: &str| {
        let mut fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let user = fields.find(|fields| fields[0] == name)?;
        Some((user[2].parse().ok()?, user[3].parse().ok()?))
    };
    find(user).or_else(|| find("nobody")).expect("no user that a server could run as")
}

const POSTGRES: &str = r#"
exec >log 2>&1
"$1/initdb" -A trust -U postgres -E UTF8 --locale=C --no-sync -D data </dev/null || exit 1
# Everybody may come in, but for the one role that tests give a password.
{ echo 'local all locked_out scram-sha-256'; cat data/pg_hba.conf; } >hba && mv hba data/pg_hba.conf
"$1/postgres" -D data -k "$PWD" -c listen_addresses= $2 &
cat >/dev/null
# A server that is just starting ignores the first of these.
while kill -QUIT $!; do sleep 0.1; done
rm -rf "$PWD"
"#;

/// A PostgreSQL.
pub struct Postgres {
    programs: PathBuf,
    server: Server,
}

impl Postgres {
    /// Starts the newest that the system has, on disk, with `-c name=value …`.
    #[allow(dead_code, reason = "the tests have theirs in memory")]
    pub fn start(settings: &str) -> Self {
        Self::start_in(&std::env::temp_dir(), settings)
    }

    /// Starts the newest that the system has, with its data in a folder below `root`.
    pub fn start_in(root: &Path, settings: &str) -> Self {
        Self::start_from(root, newest_programs(), settings)
    }

    /// Starts the one of a version, which may also be one that `script/setup` unpacked.
    #[allow(dead_code, reason = "the benchmarks take the newest")]
    pub fn start_version_in(root: &Path, version: u32, settings: &str) -> Self {
        Self::start_from(root, programs_of(version), settings)
    }

    fn start_from(root: &Path, programs: PathBuf, settings: &str) -> Self {
        let arguments = [programs.to_str().unwrap(), settings];
        let server = Server::start(root, "postgres", POSTGRES, &arguments, |folder| {
            let mut ready = Command::new(programs.join("pg_isready"));
            ready.arg("-q").arg("-h").arg(folder).status().unwrap().success()
        });
        Self { programs, server }
    }

    /// The folder of its socket.
    #[allow(dead_code, reason = "the benchmarks connect to it and nothing else does")]
    pub fn folder(&self) -> &Path {
        self.server.folder()
    }

    /// A program of this version, such as `pg_dump`.
    #[allow(dead_code, reason = "the benchmarks need the server alone")]
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        let mut url = url::Url::parse("postgres://postgres@localhost").unwrap();
        url.set_path(database);
        url.query_pairs_mut().append_pair("host", self.server.folder().to_str().unwrap());
        url.into()
    }

    /// Runs statements, each in a transaction of its own.
    pub fn run(&self, database: &str, statements: &[&str]) {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-h"]);
        psql.arg(self.server.folder());
        for statement in statements {
            psql.args(["-c", statement]);
        }
        let psql = psql.output().unwrap();
        let said = String::from_utf8_lossy(&psql.stderr);
        assert!(psql.status.success(), "{statements:?}: {said}");
    }
}

/// The programs of a version: where Debian puts them, or where `script/setup` unpacks them.
#[allow(dead_code, reason = "the benchmarks take the newest")]
fn programs_of(version: u32) -> PathBuf {
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or(home);
    let unpacked = cache.map(|cache| cache.join(format!("handover/postgresql-{version}/bin")));
    [
        Some(PathBuf::from(format!("/usr/lib/postgresql/{version}/bin"))),
        Some(PathBuf::from(format!("/usr/local/lib/handover/postgresql-{version}/bin"))),
        unpacked,
    ]
    .into_iter()
    .flatten()
    .find(|programs| programs.join("postgres").exists())
    .unwrap_or_else(|| panic!("no PostgreSQL {version} on this machine: run script/setup"))
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
