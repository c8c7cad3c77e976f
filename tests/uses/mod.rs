//! What in a database uses a column by its name: found on real servers, in the objects that they keep.

mod foreign_keys;
mod found_by_name;
mod mariadb;
mod postgres;
mod sqlite;
mod triggers;

use handover::Dialect;
use handover::database::catalog::uses::{self, Use};
use handover::model::{Identifier, TableName};

use crate::support::project::{Db, Project};

const fn dialect(db: Db) -> Dialect {
    match db {
        Db::Sqlite => Dialect::Sqlite,
        Db::Postgres => Dialect::Postgres,
        Db::Mariadb => Dialect::MariaDb,
    }
}

/// The uses of `users.username`, about to be `handle`.
fn uses_of(project: &Project, table: &str) -> Vec<Use> {
    let table: TableName = table.parse().unwrap();
    let (from, to) = (Identifier::new("username").unwrap(), Identifier::new("handle").unwrap());
    project
        .block_on(async |db| uses::uses(db, dialect(project.db), &table, &from, &to).await.unwrap())
}

/// Each use as its object's spelling and what it does; one that is not certain with a question mark.
/// The name of the database, which is another in each test, is `db`.
fn lines(project: &Project, table: &str) -> Vec<String> {
    let home = match project.db {
        Db::Mariadb => project.query("SELECT database()").remove(0),
        Db::Sqlite | Db::Postgres => "no database".to_owned(),
    };
    let line = |found: &Use| {
        let mark = if found.certain { "" } else { " ?" };
        format!("{} {}{mark}", found.object.key(), found.problem).replace(&home, "db")
    };
    let mut lines: Vec<String> = uses_of(project, table).iter().map(line).collect();
    lines.sort();
    lines
}

/// The cases, each a statement that makes an object and how its use is shown; where that is empty, the
/// object is no use. Each is looked for in a database that has all of them.
fn expect(project: &Project, cases: &[(&str, &[&str])]) {
    let mut want: Vec<String> = Vec::new();
    for (sql, lines) in cases {
        project.sql(sql);
        want.extend(lines.iter().map(|line| (*line).to_owned()));
    }
    want.sort();
    assert_eq!(lines(project, "users"), want, "on {:?}", project.db);
}

const NAMES: &str = "names the column `users.username`";
const WRITES: &str = "writes the column `users.username` but not its copy";
const CHANGES: &str = "changes `users.username` in the row that is being written, but not its copy";
const POSITION: &str = "inserts into `users` without a list of columns";
const ALL: &str = "reads all columns of `users` by `*`, and there will be one more";
