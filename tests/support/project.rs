//! A project of a user of the command: a folder, a release, a database.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use regex::Regex;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement,
};
use tempfile::TempDir;

use super::{initialised, mariadb, memory, postgres, schema};

/// A kind of database that behaviour is tested on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Db {
    Sqlite,
    Postgres,
    Mariadb,
}

impl Db {
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mariadb];

    /// How a dump shows the type that a test calls `text`.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Sqlite | Self::Postgres => "text",
            Self::Mariadb => "varchar(100) utf8mb4_bin",
        }
    }
}

/// What keeps a project's database until the project ends.
enum Server {
    None,
    Postgres(postgres::Database),
    Mariadb(mariadb::Database),
}

/// Runs a test in a fresh project on each kind of database.
pub fn each_database(test: impl Fn(&Project)) {
    for db in Db::ALL {
        eprintln!("on {db:?}");
        test(&Project::new(db));
    }
}

/// As `each_database`, with a database that knows nothing of handover.
pub fn each_bare_database(test: impl Fn(&Project)) {
    for db in Db::ALL {
        eprintln!("on {db:?}");
        test(&Project::bare(db));
    }
}

/// A folder with `VERSION`, `unreleased/` and `release_migrations/`, and a database.
pub struct Project {
    pub db: Db,
    pub url: String,
    folder: TempDir,
    server: Server,
}

impl Project {
    /// With an empty database on which `db init` was run an hour ago.
    pub fn new(db: Db) -> Self {
        initialised::project(db)
    }

    /// With an empty database that knows nothing of handover.
    pub fn bare(db: Db) -> Self {
        Self::on(match db {
            Db::Sqlite => Server::None,
            Db::Postgres => Server::Postgres(postgres::fresh_database()),
            Db::Mariadb => Server::Mariadb(mariadb::fresh_database()),
        })
    }

    /// As `bare`, on this database.
    pub fn on_postgres(database: postgres::Database) -> Self {
        Self::on(Server::Postgres(database))
    }

    /// As `bare`, on this database.
    pub fn on_mariadb(database: mariadb::Database) -> Self {
        Self::on(Server::Mariadb(database))
    }

    fn on(server: Server) -> Self {
        let folder = folder();
        let db = match &server {
            Server::None => Db::Sqlite,
            Server::Postgres(_) => Db::Postgres,
            Server::Mariadb(_) => Db::Mariadb,
        };
        let url = match &server {
            Server::None => {
                format!("sqlite://{}?mode=rwc", folder.path().join("app.sqlite3").display())
            }
            Server::Postgres(database) => database.url.clone(),
            Server::Mariadb(database) => database.url.clone(),
        };
        Self { db, url, folder, server }.with_folders()
    }

    /// With a database that was made elsewhere and is initialised here.
    pub fn at(db: Db, url: String) -> Self {
        let project = Self { db, url, folder: folder(), server: Server::None }.with_folders();
        let _ = project.handover(&["db", "init"]).expect_status(0);
        project
    }

    /// Another project on the same database, which it must not outlive.
    pub fn beside(&self) -> Self {
        Self { db: self.db, url: self.url.clone(), folder: folder(), server: Server::None }
            .with_folders()
    }

    fn with_folders(self) -> Self {
        self.version("1.0.0");
        fs::create_dir(self.root().join("unreleased")).unwrap();
        fs::create_dir(self.root().join("release_migrations")).unwrap();
        self
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The database, if it is one of PostgreSQL.
    pub fn postgres(&self) -> Option<&postgres::Database> {
        match &self.server {
            Server::Postgres(database) => Some(database),
            _ => None,
        }
    }

    /// The database alone, which outlives the project.
    pub fn into_postgres(self) -> postgres::Database {
        match self.server {
            Server::Postgres(database) => database,
            _ => panic!("not on PostgreSQL"),
        }
    }

    /// The database alone, which outlives the project.
    pub fn into_mariadb(self) -> mariadb::Database {
        match self.server {
            Server::Mariadb(database) => database,
            _ => panic!("not on MariaDB"),
        }
    }

    /// Makes handover's tables an hour older. For as long as they are new, a migration waits for
    /// processes that may just be joining the fleet.
    pub fn make_an_hour_older(&self) {
        self.sql("UPDATE handover_metadata SET created_at = created_at - 3600000");
    }

    /// Sets the app's release.
    pub fn version(&self, release: &str) {
        self.write("VERSION", &format!("{release}\n"));
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Gives the project the migrations of the worked example.
    pub fn copy_worked_example(&self) {
        let releases = Path::new(env!("CARGO_MANIFEST_DIR")).join("release_migrations");
        for release in fs::read_dir(releases).unwrap().flatten() {
            for file in fs::read_dir(release.path()).unwrap().flatten() {
                let (release, name) = (release.file_name(), file.file_name());
                let path = Path::new("release_migrations").join(release).join(name);
                self.write(path.to_str().unwrap(), &fs::read_to_string(file.path()).unwrap());
            }
        }
    }

    /// The command, for a test which wants more than its output. It sees
    /// nothing of the environment that the tests run in.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(Path::new(env!("CARGO_BIN_EXE_handover")), arguments)
    }

    /// As `command`, of a program of its own.
    pub fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.root())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.root())
            .env("TMPDIR", self.root())
            .env("TZ", "UTC")
            .env("NO_COLOR", "1")
            .env("COLUMNS", "100")
            .env("DATABASE_URL", &self.url);
        command
    }

    /// Runs the command to its end.
    pub fn handover(&self, arguments: &[&str]) -> Output {
        self.run(self.command(arguments))
    }

    /// Runs a command to its end.
    pub fn run(&self, mut command: Command) -> Output {
        self.output(command.output().unwrap())
    }

    /// What a command said that was run by hand.
    pub fn output(&self, output: std::process::Output) -> Output {
        let mut known =
            vec![(self.url.clone(), "[database]"), (self.root().display().to_string(), "[root]")];
        if let Server::Mariadb(database) = &self.server {
            known.push((database.name.clone(), "[name]"));
        }
        Output {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            status: output.status.code(),
            known,
        }
    }

    /// A plain connection of sea-orm's, which knows nothing of any change.
    pub async fn connect(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(&self.url);
        options.max_connections(5).sqlx_logging(false);
        Database::connect(options).await.unwrap()
    }

    /// Runs statements, separated by semicolons.
    pub fn sql(&self, sql: &str) {
        let sql = &self.spoken(sql);
        self.block_on(async |db| {
            db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        });
    }

    /// The rows of a query with one text column.
    pub fn query(&self, sql: &str) -> Vec<String> {
        let sql = &self.spoken(sql);
        self.block_on(async |db| query(db, sql).await)
    }

    /// The SQL of a test as this database takes it.
    fn spoken(&self, sql: &str) -> String {
        if self.db == Db::Mariadb { mariadb::spoken(sql) } else { sql.to_owned() }
    }

    /// Schema and contents of a table, as a text to compare.
    pub fn dump(&self, table: &str) -> String {
        self.block_on(async |db| schema::dump(db, table).await)
    }

    /// Runs `work` on a runtime of its own, so that tests may call it from
    /// inside a runtime and from outside.
    pub fn block_on<T: Send>(&self, work: impl AsyncFnOnce(&DatabaseConnection) -> T + Send) -> T {
        let run = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let db = self.connect().await;
                let result = work(&db).await;
                db.close().await.unwrap();
                result
            })
        };
        thread::scope(|scope| scope.spawn(run).join())
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

fn folder() -> TempDir {
    tempfile::Builder::new().prefix("handover-test-").tempdir_in(memory::folder()).unwrap()
}

/// The rows of a query with one text column; null reads as `NULL`.
pub async fn query(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let backend: DbBackend = db.get_database_backend();
    let rows = db.query_all_raw(Statement::from_string(backend, sql)).await;
    rows.unwrap_or_else(|error| panic!("{sql}: {error}"))
        .iter()
        .map(|row| row.try_get_by_index::<Option<String>>(0).unwrap())
        .map(|value| value.unwrap_or_else(|| "NULL".to_owned()))
        .collect()
}

/// What the command said and how it ended. Its `Display` is all of that, with
/// what differs from run to run replaced, for an inline snapshot.
#[must_use]
#[derive(Debug)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    pub status: Option<i32>,
    known: Vec<(String, &'static str)>,
}

impl Output {
    /// Fails the test unless the command ended with this status.
    #[track_caller]
    pub fn expect_status(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "\n{self}");
        self
    }

    /// A part of what the command said, with what differs from run to run replaced.
    pub fn steady(&self, part: &str) -> String {
        let mut text = part.to_owned();
        for (value, name) in &self.known {
            text = text.replace(value, name);
        }
        for (pattern, name) in [
            (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:\d\d)?)?", "[time]"),
            (r"\b\d+(\.\d+)?(ns|µs|us|ms|s)\b( \d+(ms|us|µs|ns)\b)*", "[duration]"),
            (r"\bin \d+\.\d s\b", "in [duration]"),
            (r"\bpid \d+", "pid [pid]"),
            (r"\babout \d+ rows are", "about [n] rows are"),
            (r"[ \t]+\n", "\n"),
        ] {
            text = Regex::new(pattern).unwrap().replace_all(&text, name).into_owned();
        }
        text
    }
}

impl fmt::Display for Output {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.stdout.clone();
        if !self.stderr.is_empty() {
            text += "--- stderr ---\n";
            text += &self.stderr;
        }
        let text = self.steady(&text);
        match self.status {
            Some(status) => write!(out, "{text}[exit {status}]"),
            None => write!(out, "{text}[killed]"),
        }
    }
}
