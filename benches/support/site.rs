//! An app on SQLite: a table under rename, one that is not, and both ways to talk to them.

use handover::Shim;
use handover::model::State;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use tempfile::TempDir;

use super::project;

/// Where the database is.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// In a file, with a write-ahead log.
    File,
    /// In memory: what remains is the processor's part.
    Memory,
}

/// Rows in each table at first; their keys begin at 1.
pub const ROWS: i64 = 1000;

/// Empties the write-ahead log, where there is one. By itself SQLite does so about once in two hundred
/// inserts, which then take a quarter longer: in one round, and not in the next.
pub async fn checkpoint(db: &impl ConnectionTrait) {
    db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
}

/// `users`, of which `username` becomes `handle`, and `members`, which is like it and stays.
pub struct Site {
    pub bare: DatabaseConnection,
    pub shim: Shim,
    _folder: TempDir,
}

impl Site {
    pub async fn new(place: Place, state: State) -> Self {
        let folder = tempfile::Builder::new().prefix("handover-bench-").tempdir().unwrap();
        let mut options = ConnectOptions::new(match place {
            Place::File => format!("sqlite://{}/app.sqlite3?mode=rwc", folder.path().display()),
            Place::Memory => "sqlite::memory:".to_owned(),
        });
        options.max_connections(1).sqlx_logging(false);
        if matches!(place, Place::File) {
            // Otherwise the disk is all that an insert measures.
            options.map_sqlx_sqlite_opts(|options| {
                options
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Normal)
                    .pragma("wal_autocheckpoint", "0")
            });
        }
        let bare = Database::connect(options).await.unwrap();
        for table in ["users", "members"] {
            let sql = format!(
                "CREATE TABLE {table}
                     (id integer PRIMARY KEY, username text NOT NULL UNIQUE, email text);
                 WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n LIMIT {ROWS})
                 INSERT INTO {table} SELECT id, 'user' || id, id || '@example.org' FROM n"
            );
            bare.execute_unprepared(&sql).await.unwrap();
        }
        project::bring_to(&bare, state).await;
        let shim = Shim::builder(bare.clone(), project::example());
        let shim = shim.app_version("9.0.0").start().await.unwrap();
        Self { bare, shim, _folder: folder }
    }
}
