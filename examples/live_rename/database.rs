//! The database of the application: connecting to it, and its table at first.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement,
};

use crate::journal::{Owners, Row};
use crate::story::Kind;
use crate::{Result, workload};

/// Says that a table `users` was made by this example, and may be dropped by it.
const MARKER: &str = "live_rename_example";

/// A plain connection, with what an application on SQLite needs to be used by
/// several processes: readers that do not block the writer, and writers that wait.
pub async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(8).sqlx_logging(false).map_sqlx_sqlite_opts(|options| {
        options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(5))
    });
    Database::connect(options).await
}

/// Makes `users` as 8.17.0 has it, and gives every worker its share of rows.
pub async fn seed(url: &str, owners: Owners, kind: Kind) -> Result<Vec<(i32, Row)>> {
    let db = connect(url).await?;
    make_room(&db).await?;
    db.execute_unprepared(&format!("CREATE TABLE {MARKER} (note text)")).await?;
    // MariaDB builds no index of a text without a length beside an app that writes.
    let name = match db.get_database_backend() {
        DbBackend::MySql => "varchar(200) COLLATE utf8mb4_bin",
        _ => "text",
    };
    let nickname = match kind {
        Kind::Drop => format!("nickname {name} NOT NULL,"),
        Kind::Copy | Kind::InPlace | Kind::Retype => String::new(),
    };
    db.execute_unprepared(&format!(
        "CREATE TABLE users (
            id integer PRIMARY KEY,
            username {name} NOT NULL UNIQUE,
            {nickname}
            email text,
            version integer NOT NULL
        )"
    ))
    .await?;

    let rows: Vec<_> = (1..=owners.seeded)
        .map(|id| {
            let name = workload::name(&workload::prefix(owners.of(id)), id, 1);
            let nickname = (kind == Kind::Drop).then(|| workload::nickname(&name));
            (id, Row { name, email: Some(format!("{id}@example.org")), version: 1, nickname })
        })
        .collect();
    for chunk in rows.chunks(500) {
        let values: Vec<_> = chunk
            .iter()
            .map(|(id, Row { name, nickname, .. })| {
                let nickname = nickname.as_ref().map(|own| format!("'{own}', "));
                format!("({id}, '{name}', {}'{id}@example.org', 1)", nickname.unwrap_or_default())
            })
            .collect();
        let insert = format!("INSERT INTO users VALUES {}", values.join(", "));
        db.execute_unprepared(&insert).await?;
    }
    db.close().await?;
    Ok(rows)
}

/// Drops what an earlier run left; leaves alone what is anybody else's.
async fn make_room(db: &DatabaseConnection) -> Result<()> {
    let tables = tables(db).await?;
    let ours: Vec<_> = tables
        .iter()
        .filter(|table| *table == "users" || *table == MARKER || table.starts_with("handover_"))
        .collect();
    if !ours.is_empty() && !tables.iter().any(|table| table == MARKER) {
        return Err(format!(
            "this database has a table `{}` of somebody else's: give me an empty one",
            ours[0]
        )
        .into());
    }
    for table in ours {
        db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
    }
    Ok(())
}

async fn tables(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        DbBackend::MySql => {
            "SELECT table_name AS name FROM information_schema.tables
              WHERE table_schema = database()"
        }
        _ => {
            "SELECT CAST(table_name AS text) AS name FROM information_schema.tables
              WHERE table_schema = current_schema()"
        }
    };
    names(db, sql).await
}

/// The columns that `users` has at the moment.
pub async fn columns(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT name FROM pragma_table_info('users')",
        DbBackend::MySql => {
            "SELECT column_name AS name FROM information_schema.columns
              WHERE table_schema = database() AND table_name = 'users'"
        }
        _ => {
            "SELECT CAST(column_name AS text) AS name FROM information_schema.columns
              WHERE table_schema = current_schema() AND table_name = 'users'"
        }
    };
    names(db, sql).await
}

/// The number of nicknames that the contract has put aside.
pub async fn nicknames_aside(url: &str) -> Result<i64> {
    let db = connect(url).await?;
    let sql = "SELECT count(nickname_dropped) AS aside FROM users";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    db.close().await?;
    Ok(row.ok_or("no count of the nicknames")?.try_get("", "aside")?)
}

async fn names(db: &DatabaseConnection, sql: &str) -> Result<Vec<String>, DbErr> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}
