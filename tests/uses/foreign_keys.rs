//! Foreign keys that write the column.

use super::lines;
use crate::support::project::{Db, Project};

/// The database then writes one of the two columns, and the guard refuses that.
#[test]
fn foreign_keys_that_write_the_column() {
    for db in Db::ALL {
        let project = Project::bare(db);
        project.sql(
            "CREATE TABLE people (name varchar(20) PRIMARY KEY);
             CREATE TABLE users (id int PRIMARY KEY, username varchar(20), other varchar(20),
             CONSTRAINT k FOREIGN KEY (username) REFERENCES people (name)
             ON DELETE SET NULL ON UPDATE CASCADE,
             CONSTRAINT l FOREIGN KEY (username) REFERENCES people (name) ON DELETE CASCADE,
             CONSTRAINT m FOREIGN KEY (other) REFERENCES people (name) ON UPDATE CASCADE)",
        );
        let name = match db {
            Db::Sqlite => "users.username",
            Db::Postgres => "public.users.k",
            Db::Mariadb => "db.users.k",
        };
        let line = |clause: &str| {
            format!(
                "foreign-key:{name} writes the column `users.username` by `{clause}`, but not its copy"
            )
        };
        let want = [line("ON DELETE SET NULL"), line("ON UPDATE CASCADE")];
        assert_eq!(lines(&project, "users"), want, "on {db:?}");
    }
}

#[test]
fn postgres_a_foreign_key_that_sets_some_columns() {
    let project = Project::bare(Db::Postgres);
    project.sql(
        "CREATE TABLE p (a int, b text, UNIQUE (a, b));
         CREATE TABLE users (a int, username text,
         FOREIGN KEY (a, username) REFERENCES p (a, b) ON DELETE SET NULL (a))",
    );
    assert_eq!(lines(&project, "users"), Vec::<String>::new());
}
