//! One private MariaDB for all tests of this process.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use regex::Regex;

use super::memory;
use super::server::Server;

const PROGRAM: &str = "/usr/sbin/mariadbd";

/// It has a folder of its own for temporary tables: one that starts removes whatever it finds in the
/// folder, also what another server is using.
///
/// The server is killed, not asked: nothing of it is kept, and one that is just starting does not
/// listen to anything milder.
const WATCHDOG: &str = r#"
exec >log 2>&1
mkdir tmp
mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db \
    --datadir="$PWD/data" --tmpdir="$PWD/tmp" </dev/null || exit 1
"$1" --no-defaults --datadir="$PWD/data" --tmpdir="$PWD/tmp" --socket="$PWD/socket" --pid-file="$PWD/pid" \
    --skip-networking --max-connections=200 --max-prepared-stmt-count=1000000 \
    --character-set-server=utf8mb4 \
    --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=OFF --sync-binlog=0 \
    --innodb-log-file-size=16M --innodb-flush-method=nosync --sync-frm=OFF $2 </dev/null &
cat >/dev/null
kill -KILL $!
wait
rm -rf "$PWD"
"#;

/// A database of its own, dropped with this value.
pub struct Database {
    pub url: String,
    pub name: String,
}

/// Makes an empty database, starting the server if this is the first.
pub fn fresh_database() -> Database {
    database_with("")
}

/// As `fresh_database`, and runs statements in it.
pub fn database_with(sql: &str) -> Database {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let server = server();
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    server.run(&format!("CREATE DATABASE {name}; USE {name}; {sql}"));
    Database { url: server.url(&name), name }
}

/// How often a database is dropped until it is gone.
const DROPS: usize = 100;

impl Drop for Database {
    fn drop(&mut self) {
        let server = server();
        // There is no DROP DATABASE that ends the connections; it would wait for them.
        let connections = format!(
            "SELECT concat('KILL ', id, ';') FROM information_schema.processlist WHERE db = '{}'",
            self.name
        );
        let kill = server.run(&connections);
        if !kill.is_empty() {
            // One that has gone by itself by now is an error that says nothing.
            server.client(&["--force", "-e", &kill]).output().unwrap();
        }
        // A session that was killed may still be taking a file of its own away (errno 39): then again.
        let drop = format!("DROP DATABASE IF EXISTS {}", self.name);
        let said = || server.client(&["-e", &drop]).output().unwrap();
        let done = (0..DROPS).map(|_| said()).find(|said| {
            let dropped = said.status.success();
            if !dropped {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            dropped
        });
        assert!(done.is_some() || std::thread::panicking(), "{drop}: {:?}", said());
    }
}

fn server() -> &'static MariaDb {
    static SERVER: OnceLock<MariaDb> = OnceLock::new();
    SERVER.get_or_init(|| MariaDb::start(""))
}

/// A server.
pub struct MariaDb(Server);

impl MariaDb {
    /// Starts one with these settings besides, such as `--log-bin=bin`.
    pub fn start(settings: &str) -> Self {
        assert!(Path::new(PROGRAM).exists(), "no MariaDB server at {PROGRAM}: run script/setup");
        let arguments = [PROGRAM, settings];
        Self(Server::start(&memory::folder(), "mysql", WATCHDOG, &arguments, |folder| {
            client(folder, &["-e", "DO 1"]).output().unwrap().status.success()
        }))
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        let mut url = url::Url::parse("mysql://root@localhost").unwrap();
        url.set_path(database);
        url.query_pairs_mut().append_pair("socket", self.socket().to_str().unwrap());
        url.into()
    }

    /// The folder with its data.
    pub fn folder(&self) -> &Path {
        self.0.folder()
    }

    fn socket(&self) -> PathBuf {
        self.0.folder().join("socket")
    }

    /// The client, which is connected to no database.
    pub fn client(&self, arguments: &[&str]) -> Command {
        client(self.0.folder(), arguments)
    }

    /// What the statement says, a line a row.
    pub fn run(&self, sql: &str) -> String {
        let output = self.client(&["-e", sql]).output().unwrap();
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The client, of the server in this folder.
fn client(folder: &Path, arguments: &[&str]) -> Command {
    let mut client = Command::new("mariadb");
    client.args(["--no-defaults", "--user=root", "--batch", "--skip-column-names"]);
    client.arg("--socket").arg(folder.join("socket")).args(arguments).stdin(Stdio::null());
    client
}

/// SQL that SQLite and PostgreSQL understand, as MariaDB takes it: names in backticks, backslashes
/// doubled in texts, a type of text that can be a key.
pub fn spoken(sql: &str) -> String {
    let mut out = String::new();
    let mut rest = sql.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\'' => {
                out.push(letter);
                for inside in rest.by_ref() {
                    if inside == '\\' {
                        out.push(inside);
                    }
                    out.push(inside);
                    if inside == letter {
                        break;
                    }
                }
            }
            '"' => {
                out.push('`');
                while let Some(inside) = rest.next() {
                    match inside {
                        '"' if rest.next_if_eq(&'"').is_none() => break,
                        '`' => out.push_str("``"),
                        _ => out.push(inside),
                    }
                }
                out.push('`');
            }
            _ => out.push(letter),
        }
    }
    let out = out.replace("AS text)", "AS char)");
    let text = Regex::new(r"(?m)\btext\b").unwrap();
    if out.contains("TABLE") {
        text.replace_all(&out, "varchar(100) COLLATE utf8mb4_bin").into_owned()
    } else {
        out
    }
}
