//! One private MariaDB for all tests of this process.
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

const SERVER: &str = "/usr/sbin/mariadbd";

/// The server is killed, not asked: nothing of it is kept, and one that is just starting does not
/// listen to anything milder.
const WATCHDOG: &str = r#"
exec >log 2>&1
mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db \
    --datadir="$PWD/data" </dev/null || exit 1
"$1" --no-defaults --datadir="$PWD/data" --socket="$PWD/socket" --pid-file="$PWD/pid" \
    --skip-networking --max-connections=200 --character-set-server=utf8mb4 \
    --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=OFF --sync-binlog=0 </dev/null &
cat >/dev/null
kill -KILL $!
wait
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
    let mut url = url::Url::parse("mysql://root@localhost").unwrap();
    url.set_path(&name);
    url.query_pairs_mut().append_pair("socket", server.socket().to_str().unwrap());
    Database { url: url.into(), name }
}

impl Drop for Database {
    fn drop(&mut self) {
        let server = server();
        // There is no DROP DATABASE that ends the connections; it would wait for them.
        let connections = format!(
            "SELECT concat('KILL ', id, ';') FROM information_schema.processlist WHERE db = '{}'",
            self.name
        );
        let kill = server.run(&connections);
        // One that has gone by itself by now is an error that says nothing.
        server.client(&["--force", "-e", &kill]).output().unwrap();
        server.run(&format!("DROP DATABASE {}", self.name));
    }
}

struct Server {
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
        assert!(Path::new(SERVER).exists(), "no MariaDB server at {SERVER}: run script/setup");
        let folder = tempfile::Builder::new().prefix("handover-mariadb-").tempdir().unwrap().keep();
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", WATCHDOG, "watchdog", SERVER])
            .current_dir(&folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::piped())
            // An interrupt from the terminal is for the tests; the shell hears of their end.
            .process_group(0);
        // MariaDB refuses to run as root unless it is told to.
        if fs::metadata(&folder).unwrap().uid() == 0 {
            let (uid, gid) = unprivileged_user();
            chown(&folder, Some(uid), Some(gid)).unwrap();
            shell.uid(uid).gid(gid);
        }
        let mut server = Self { watchdog: shell.spawn().unwrap(), folder };
        server.wait_until_ready();
        server
    }

    fn wait_until_ready(&mut self) {
        let deadline = Instant::now() + Duration::from_mins(1);
        while !self.client(&["-e", "DO 1"]).output().unwrap().status.success() {
            let failed = Instant::now() > deadline || self.watchdog.try_wait().unwrap().is_some();
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(!failed, "MariaDB did not start in {}:\n{log}", self.folder.display());
            sleep(Duration::from_millis(20));
        }
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("socket")
    }

    fn client(&self, arguments: &[&str]) -> Command {
        let mut client = Command::new("mariadb");
        client.args(["--no-defaults", "--user=root", "--batch", "--skip-column-names"]);
        client.arg("--socket").arg(self.socket()).args(arguments).stdin(Stdio::null());
        client
    }

    /// What the statement says, a line a row.
    fn run(&self, sql: &str) -> String {
        let output = self.client(&["-e", sql]).output().unwrap();
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// User and group number of `mysql`, or of `nobody` where that does not exist.
fn unprivileged_user() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let find = |name: &str| {
        let mut fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let user = fields.find(|fields| fields[0] == name)?;
        Some((user[2].parse().ok()?, user[3].parse().ok()?))
    };
    find("mysql").or_else(|| find("nobody")).expect("no user that MariaDB could run as")
}
