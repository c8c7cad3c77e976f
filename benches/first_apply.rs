//! `handover db migrate` on an empty SQLite file with 1,000 files of plain SQL: the whole process.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection as _, Executor as _};

use crate::support::project::Project;
use crate::support::rounds::alternate;

const FILES: u64 = 1000;
const ROUNDS: usize = 7;

/// One that did what every runner has to and nothing else: a transaction for each file, with the note
/// that it ran.
const NOTE: &str = "INSERT INTO applied (id, bytes, at) VALUES (?, ?, unixepoch())";

pub fn run() {
    let project = files();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let pair = runtime.block_on(async {
        let bare = async || bare_loop(&project).await;
        alternate(ROUNDS, bare, async || migrate(&project)).await
    });
    let (bare, migrate) = pair.medians();
    println!("ms for {FILES} files of plain SQL, median of {ROUNDS}");
    println!("{:<30} {:>7.0}", "a loop with sqlx", bare * 1e3);
    println!("{:<30} {:>7.0}", "db migrate", migrate * 1e3);
    println!("{:<30} {:>7.2}", "ratio", pair.ratio());
}

/// Tables, columns, indexes and rows.
fn files() -> Project {
    let project = Project::new(None);
    for n in 0..FILES {
        let table = n / 4;
        let sql = match n % 4 {
            0 => format!("CREATE TABLE t{table} (id integer PRIMARY KEY, name text NOT NULL)"),
            1 => format!("ALTER TABLE t{table} ADD COLUMN note text"),
            2 => format!("CREATE INDEX t{table}_name ON t{table} (name)"),
            _ => format!("INSERT INTO t{table} (name) VALUES ('ada'), ('grace')"),
        };
        let (release, id) = (n / 10, 20_261_121_000_000 + n);
        project.write(format!("release_migrations/1.{release}.0/{id}_n{n}.sql"), &sql);
    }
    project
}

/// Takes the database away with what stands beside it.
fn without_database(project: &Project) {
    for ending in ["", "-journal", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", file(project).display()));
    }
}

fn file(project: &Project) -> std::path::PathBuf {
    project.path().join("app.sqlite3")
}

fn migrate(project: &Project) -> Duration {
    without_database(project);
    let mut command = project.command("2.0.0", &["db", "migrate"]);
    let started = Instant::now();
    let output = command.output().unwrap();
    let took = started.elapsed();
    assert!(output.status.success(), "{output:?}");
    took
}

async fn bare_loop(project: &Project) -> Duration {
    without_database(project);
    let started = Instant::now();
    let options = SqliteConnectOptions::new().filename(file(project)).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    connection
        .execute("CREATE TABLE applied (id integer, bytes integer, at integer)")
        .await
        .unwrap();
    for path in sorted(&project.path().join("release_migrations")) {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let id: i64 = name.split_once('_').unwrap().0.parse().unwrap();
        let mut transaction = connection.begin().await.unwrap();
        transaction.execute(sqlx::raw_sql(AssertSqlSafe(text.as_str()))).await.unwrap();
        let note = sqlx::query(NOTE).bind(id).bind(i64::try_from(text.len()).unwrap());
        note.execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }
    connection.close().await.unwrap();
    started.elapsed()
}

/// The files of all folders by their ids.
fn sorted(folder: &Path) -> Vec<std::path::PathBuf> {
    let folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    files.sort_by_key(|path| path.file_name().unwrap().to_owned());
    files
}
