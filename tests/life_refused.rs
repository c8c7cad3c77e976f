//! What a rename cannot carry along is refused before anything has been done.

use crate::support::project::{Db, Project, each_database};
use crate::support::rename::USERS;

/// Expand fails with a message that has `reason` in it, and the table is as it was.
fn refused(project: &Project, table: &str, reason: &str) {
    project.sql(table);
    USERS.write(project);
    project.version("9.0.0");
    let dump = project.dump("users");
    for _ in 0..2 {
        let output = project.handover(&["db", "migrate"]).expect_status(3);
        assert!(output.stderr.contains(reason), "{reason}?\n{output}");
        assert!(output.stderr.contains("\nhint: "), "{output}");
        assert!(output.stderr.contains("users"), "{output}");
        assert_eq!(project.dump("users"), dump);
        assert_eq!(project.query("SELECT name FROM handover_changes"), [""; 0]);
    }
}

fn refused_on(db: Db, table: &str, reason: &str) {
    refused(&Project::new(db), table, reason);
}

#[test]
fn life_refused_postgres_dependents() {
    for (column, after, reason) in [
        ("text PRIMARY KEY", "", "users_pkey"),
        (
            "text UNIQUE",
            "CREATE TABLE p (author text REFERENCES users (username))",
            "p_author_fkey",
        ),
        ("text", "CREATE VIEW names AS SELECT username FROM users", "the view `public.names`"),
        ("text, shout text GENERATED ALWAYS AS (upper(username)) STORED", "", "shout"),
        ("text, EXCLUDE (username WITH =)", "", "users_username_excl"),
        (
            "text",
            "CREATE POLICY mine ON users USING (username = current_user)",
            "the policy `mine`",
        ),
        (
            "text",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
             CREATE TRIGGER t BEFORE UPDATE OF username ON users EXECUTE FUNCTION f()",
            "the trigger `t` on `public.users`",
        ),
        ("int GENERATED ALWAYS AS (id * 2) STORED", "", "the database computes its values"),
        ("text, handle text", "", "already has a column `handle`"),
    ] {
        let table = format!(
            "CREATE TABLE other (name text PRIMARY KEY);
             CREATE TABLE users (id int, username {column}); {after}"
        );
        refused_on(Db::Postgres, &table, reason);
    }
}

#[test]
fn life_refused_postgres_tables() {
    for (table, reason) in [
        ("CREATE TABLE users (username text) PARTITION BY LIST (username)", "partitioned"),
        (
            "CREATE TABLE all_users (username text); CREATE TABLE users () INHERITS (all_users)",
            "inherits",
        ),
        ("CREATE VIEW users AS SELECT 'ada' AS username", "it is a view"),
    ] {
        refused_on(Db::Postgres, table, reason);
    }
}

#[test]
fn life_refused_sqlite() {
    for (table, reason) in [
        ("CREATE TABLE users (username integer PRIMARY KEY)", "the database computes its values"),
        ("CREATE TABLE users (a, username AS (a))", "the database computes its values"),
        ("CREATE TABLE users (username, HANDLE)", "already has a column `handle`"),
        // A unique index has no such clause: a write that the app knows as fine would fail on it.
        ("CREATE TABLE users (id, username UNIQUE ON CONFLICT REPLACE)", "ON CONFLICT REPLACE"),
        (
            "CREATE TABLE users (id, username, UNIQUE (id, username) ON CONFLICT IGNORE)",
            "ON CONFLICT IGNORE",
        ),
        ("CREATE TABLE users (rowid, _rowid_, oid, username)", "hide every name of its row id"),
        ("CREATE VIEW users AS SELECT 'ada' AS username", "it is a view"),
    ] {
        refused_on(Db::Sqlite, table, reason);
    }
}

#[test]
fn life_refused_without_table_or_column() {
    each_database(|project| {
        USERS.write(project);
        project.version("9.0.0");
        let output = project.handover(&["db", "migrate"]).expect_status(3);
        assert!(output.stderr.contains("there is no table `users`"), "{output}");
        refused(project, "CREATE TABLE users (name text)", "has no column `username`");
        project.sql("ALTER TABLE users ADD COLUMN username text");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        USERS.expect_equal(project);
    });
}

#[test]
fn life_refused_mariadb() {
    let name = "varchar(20)";
    for (table, reason) in [
        (format!("CREATE TABLE users (username {name} PRIMARY KEY)"), "the primary key"),
        (
            format!(
                "CREATE TABLE users (username {name} UNIQUE);
                 CREATE TABLE p (a {name}, CONSTRAINT of_p FOREIGN KEY (a) REFERENCES users (username))"
            ),
            "the foreign key `of_p`",
        ),
        (format!("CREATE TABLE users (username {name}, CHECK (username > ''))"), "check"),
        (
            format!("CREATE TABLE users (username {name} CHECK (username REGEXP '^\\\\w'))"),
            "the check in its definition has a backslash",
        ),
        (
            format!("CREATE TABLE users (username {name}, shout {name} AS (upper(username)))"),
            "the generated column `shout`",
        ),
        (
            format!("CREATE TABLE users (username {name}); CREATE VIEW v AS SELECT * FROM users"),
            "the view `",
        ),
        (
            format!(
                "CREATE TABLE users (username {name}); CREATE TRIGGER mine BEFORE INSERT ON users
                 FOR EACH ROW SET NEW.username = lower(NEW.username)"
            ),
            "the trigger `mine`",
        ),
        (
            format!("CREATE TABLE users (id int, username {name}, FULLTEXT words (username))"),
            "`words` (FULLTEXT)",
        ),
        ("CREATE TABLE users (username longtext UNIQUE)".to_owned(), "`username` (HASH)"),
        (format!("CREATE TABLE users (username {name}) ENGINE=MyISAM"), "its engine is MyISAM"),
        (format!("CREATE TABLE users (username {name}) ROW_FORMAT=COMPRESSED"), "compressed"),
        (
            "CREATE TABLE users (username int) PARTITION BY HASH (username) PARTITIONS 2".to_owned(),
            "it is partitioned",
        ),
        ("CREATE TABLE users (username int AUTO_INCREMENT UNIQUE)".to_owned(), "computes"),
        (
            "CREATE TABLE users (username datetime ON UPDATE current_timestamp)".to_owned(),
            "computes",
        ),
        (
            format!("CREATE TABLE users (e {name}, username {name} DEFAULT (concat(e, uuid())))"),
            "names other columns or a sequence",
        ),
        (format!("CREATE TABLE users (username {name}, Handle int)"), "already has a column"),
    ] {
        refused_on(Db::Mariadb, &table, reason);
    }
    let table = format!("CREATE TABLE t (username {name}); CREATE VIEW users AS SELECT * FROM t");
    let project = Project::new(Db::Mariadb);
    project.sql(&table);
    USERS.write(&project);
    project.version("9.0.0");
    let output = project.handover(&["db", "migrate"]).expect_status(3);
    assert!(output.stderr.contains("it is a view"), "{output}");
}
