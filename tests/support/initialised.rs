//! Empty databases on which `db init` was run an hour ago: made once, then copied.

use std::fs;
use std::sync::OnceLock;

use super::project::{Db, Project};
use super::{mariadb, postgres};

/// A project with a database of its own.
pub fn project(db: Db) -> Project {
    match db {
        Db::Sqlite => sqlite(),
        Db::Postgres => postgres(),
        Db::Mariadb => mariadb(),
    }
}

/// Runs `db init` where nothing has been yet.
fn made(db: Db) -> Project {
    let project = Project::bare(db);
    let _ = project.handover(&["db", "init"]).expect_status(0);
    project.make_an_hour_older();
    project
}

fn sqlite() -> Project {
    // The database, and the file that keeps a second runner out.
    static FILES: OnceLock<[(&str, Vec<u8>); 2]> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let project = made(Db::Sqlite);
        let read = |name| (name, fs::read(project.root().join(name)).unwrap());
        ["app.sqlite3", "app.sqlite3.handover-lock"].map(read)
    });
    let project = Project::bare(Db::Sqlite);
    for (name, bytes) in files {
        fs::write(project.root().join(name), bytes).unwrap();
    }
    project
}

fn postgres() -> Project {
    static DATABASE: OnceLock<postgres::Database> = OnceLock::new();
    let database = DATABASE.get_or_init(|| made(Db::Postgres).into_postgres());
    Project::on_postgres(postgres::copy_of(database))
}

fn mariadb() -> Project {
    static TABLES: OnceLock<(mariadb::Database, Vec<String>)> = OnceLock::new();
    let (from, tables) = TABLES.get_or_init(|| {
        let project = made(Db::Mariadb);
        let tables = project.query(
            "SELECT CAST(table_name AS text) FROM information_schema.tables \
             WHERE table_schema = database()",
        );
        (project.into_mariadb(), tables)
    });
    let copy = |table: &String| {
        let from = format!("{}.{table}", from.name);
        format!("CREATE TABLE {table} LIKE {from}; INSERT INTO {table} SELECT * FROM {from};")
    };
    let copies: String = tables.iter().map(copy).collect();
    Project::on_mariadb(mariadb::database_with(&copies))
}
