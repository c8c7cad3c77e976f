//! Tables of every shape, through the whole life of a rename and back.

use regex::Regex;

use crate::support::project::{Db, Project, each_database};
use crate::support::rename::{Rename, USERS, state};

/// Forth and back, with what must hold at each state.
pub fn live(project: &Project, rename: Rename<'_>, table: &str) {
    live_with(project, rename, table, &[]);
}

fn live_with(project: &Project, rename: Rename<'_>, table: &str, options: &[&str]) {
    project.sql(table);
    rename.write(project);
    let original = rename.dump(project);
    let migrate = |version: &str, phase: &str| {
        project.version(version);
        let arguments = [&["db", "migrate", "--offline", phase], options].concat();
        project.handover(&arguments).expect_status(0)
    };
    let _ = migrate("9.0.0", "--pre");
    assert_eq!(state(project), "dual_write");
    let _ = migrate("9.0.0", "--post");
    assert_eq!(state(project), "read_to");
    rename.expect_equal(project);
    let _ = migrate("9.0.1", "--post");
    assert_eq!(state(project), "contracted");
    let contracted = rename.dump(project);

    let _ = project.handover(&["db", "rollback"]).expect_status(0);
    assert_eq!(state(project), "read_to");
    rename.expect_equal(project);
    let _ = project.handover(&["db", "rollback"]).expect_status(0);
    assert_eq!(state(project), "dual_write");
    rename.expect_equal(project);
    let _ = project.handover(&["db", "rollback"]).expect_status(0);
    assert_eq!(state(project), "pending");
    assert_eq!(rename.dump(project), original);

    rename.plainly(project);
    assert_eq!(nameless(project, &contracted), nameless(project, &rename.dump(project)));
}

/// A dump without the names of indexes, which are the rename's own affair on PostgreSQL.
fn nameless(project: &Project, dump: &str) -> Vec<String> {
    let name = r#"("([^"]|"")+"|\S+)"#;
    let index = Regex::new(&format!("(?m)^  CREATE (UNIQUE )?INDEX {name} ON")).unwrap();
    let constraint = Regex::new("(?m)^  constraint .* UNIQUE").unwrap();
    let mut text = dump.to_owned();
    if project.db == Db::Postgres {
        text = index.replace_all(&text, "  CREATE ${1}INDEX ON").into_owned();
        text = constraint.replace_all(&text, "  constraint UNIQUE").into_owned();
    }
    if project.db == Db::Mariadb {
        let index = Regex::new(r"(?m)^  (unique )?index .* \(").unwrap();
        text = index.replace_all(&text, "  ${1}index (").into_owned();
    }
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// The same table on each database.
fn on_each(table: &str) {
    each_database(|project| live(project, USERS, table));
}

fn on(db: Db, table: &str) {
    live(&Project::new(db), USERS, table);
}

#[test]
fn life_shapes_integer_key_with_nulls_and_an_index() {
    on_each(
        "CREATE TABLE users (id integer PRIMARY KEY, username text, email text);
         CREATE INDEX users_username ON users (username);
         INSERT INTO users VALUES (1, 'ada', 'a'), (2, NULL, NULL), (-3, 'eve', 'e'), (9, '', '')",
    );
}

#[test]
fn life_shapes_not_null_and_unique() {
    on_each(
        "CREATE TABLE users (id bigint PRIMARY KEY, username varchar(20) NOT NULL UNIQUE, n int);
         INSERT INTO users VALUES (10, 'ada', 1), (20, 'grace', 2), (30, 'o''hara \\ \"x\"', 3)",
    );
}

#[test]
fn life_shapes_text_key() {
    on_each(
        "CREATE TABLE users (email text PRIMARY KEY NOT NULL, username text);
         INSERT INTO users VALUES ('a', 'ada'), ('it''s \\', 'grace'), ('', 'eve'), ('Ä', 'x')",
    );
}

#[test]
fn life_shapes_composite_key() {
    on_each(
        "CREATE TABLE users (tenant integer NOT NULL, code text NOT NULL, username text,
                             PRIMARY KEY (tenant, code));
         INSERT INTO users VALUES (1, 'b', 'ada'), (1, 'a', 'grace'), (2, 'a', 'eve'), (-1, '', 'x')",
    );
}

#[test]
fn life_shapes_no_key() {
    on_each(
        "CREATE TABLE users (username text, email text);
         INSERT INTO users VALUES ('ada', 'a'), ('ada', 'a'), (NULL, 'b'), ('x', NULL)",
    );
}

#[test]
fn life_shapes_empty() {
    on_each("CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL UNIQUE)");
}

#[test]
fn life_shapes_default() {
    on_each(
        "CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL DEFAULT 'no''body',
                             n integer DEFAULT -7);
         INSERT INTO users (id) VALUES (1); INSERT INTO users VALUES (2, 'ada', 1)",
    );
    let numbers = Rename { from: "n", to: "number", ..USERS };
    each_database(|project| {
        live(
            project,
            numbers,
            "CREATE TABLE users (id integer PRIMARY KEY, n integer DEFAULT -7);
             INSERT INTO users (id) VALUES (1); INSERT INTO users VALUES (2, NULL), (3, 0)",
        );
    });
}

#[test]
fn life_shapes_several_columns_in_indexes() {
    on_each(
        "CREATE TABLE users (id integer PRIMARY KEY, tenant integer, username text, n integer,
                             UNIQUE (tenant, username));
         CREATE UNIQUE INDEX users_pair ON users (username, n);
         CREATE INDEX users_down ON users (n DESC, username DESC);
         INSERT INTO users VALUES (1, 1, 'ada', 1), (2, 2, 'ada', 2), (3, NULL, 'ada', NULL)",
    );
}

/// A name is taken if any table has an index of that name, not only this one.
#[test]
fn life_shapes_index_names_taken_elsewhere() {
    let table = "
         CREATE TABLE posts (id integer PRIMARY KEY, handle text);
         CREATE INDEX users_handle ON posts (handle);
         CREATE INDEX users_handle_key ON posts (id);
         CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL UNIQUE, email text);
         CREATE UNIQUE INDEX users_username ON users (username);
         INSERT INTO users VALUES (1, 'ada', NULL), (2, 'grace', 'g')";
    each_database(|project| {
        live(project, USERS, table);
        let posts = project.dump("posts");
        project.sql("DROP TABLE posts; DROP TABLE users");
        project.sql(table);
        assert_eq!(posts, project.dump("posts"));
    });
}

#[test]
fn life_shapes_batches_over_gaps() {
    let rows: Vec<_> = (0_i64..50).map(|n| format!("({}, 'user {n}')", (n - 20).pow(3))).collect();
    let table = format!(
        "CREATE TABLE users (id integer PRIMARY KEY, username text UNIQUE);
         INSERT INTO users VALUES {}",
        rows.join(", ")
    );
    for size in ["1", "2", "7"] {
        each_database(|project| {
            live_with(project, USERS, &table, &["--batch-size", size]);
        });
    }
}

#[test]
fn life_shapes_batches_over_other_keys() {
    for key in ["a integer, b text, PRIMARY KEY (a, b)", "a integer, b text, UNIQUE (b)"] {
        let rows: Vec<_> = (0..20).map(|n| format!("({}, 'b{n}', 'user {n}')", n / 7)).collect();
        let table = format!(
            "CREATE TABLE users ({key});
             ALTER TABLE users ADD COLUMN username text;
             INSERT INTO users VALUES {}",
            rows.join(", ")
        );
        each_database(|project| live_with(project, USERS, &table, &["--batch-size", "3"]));
    }
}

#[test]
fn life_shapes_extreme_row_ids() {
    on_each(
        "CREATE TABLE users (id bigint PRIMARY KEY, username text);
         INSERT INTO users VALUES (-9223372036854775808, 'least'), (0, 'zero'),
                                  (9223372036854775807, 'greatest')",
    );
    on(
        Db::Sqlite,
        "CREATE TABLE users (id integer PRIMARY KEY, username text);
         INSERT INTO users VALUES (-9223372036854775808, 'least'), (0, 'zero'),
                                  (9223372036854775807, 'greatest')",
    );
}

#[test]
fn life_shapes_odd_names() {
    each_database(|project| {
        // MariaDB allows no space at the end of a table's name.
        let end = if project.db == Db::Mariadb { "" } else { " " };
        let name = format!("odd \"table.s'{end}");
        let odd = Rename { table: &name, from: "user \"name", to: "SELECT", schema: None };
        let table = odd.quoted();
        live(
            project,
            odd,
            &format!(
                "CREATE TABLE {table} (\"Id\" integer PRIMARY KEY,
                                      \"user \"\"name\" text NOT NULL UNIQUE);
                 CREATE INDEX \"an \"\"index\" ON {table} (\"user \"\"name\");
                 INSERT INTO {table} VALUES (1, 'ada'), (2, 'grace')"
            ),
        );
    });
}

#[test]
fn life_shapes_sqlite_without_row_id() {
    on(
        Db::Sqlite,
        "CREATE TABLE users (code text PRIMARY KEY, username text NOT NULL) WITHOUT ROWID;
         INSERT INTO users VALUES ('b', 'ada'), ('a', 'grace'), ('c''', 'eve')",
    );
    on(
        Db::Sqlite,
        "CREATE TABLE users (a integer, b real, username text, PRIMARY KEY (b, a)) WITHOUT ROWID;
         INSERT INTO users VALUES (1, 0.1, 'ada'), (1, -2.5e300, 'grace'), (2, 0.1, 'eve')",
    );
}

#[test]
fn life_shapes_sqlite_names_of_the_row_id() {
    on(
        Db::Sqlite,
        "CREATE TABLE users (rowid text, _rowid_ text, username text);
         INSERT INTO users VALUES ('x', 'y', 'ada'), (NULL, 'y', 'grace')",
    );
    on(
        Db::Sqlite,
        "CREATE TABLE users (rowid text, _rowid_ text, oid integer PRIMARY KEY, username text);
         INSERT INTO users VALUES ('x', 'y', 1, 'ada'), (NULL, 'y', -2, 'grace')",
    );
    on(
        Db::Sqlite,
        "CREATE TABLE users (rowid text, _rowid_ text, oid text, code text NOT NULL PRIMARY KEY, username text);
         INSERT INTO users VALUES ('x', 'y', 1, 'c', 'ada'), (NULL, 'y', -2, 'd', 'grace')",
    );
}

#[test]
fn life_shapes_sqlite_types_of_values() {
    on(
        Db::Sqlite,
        "CREATE TABLE users (id integer PRIMARY KEY, username);
         INSERT INTO users VALUES (1, 1), (2, '1'), (3, 1.0), (4, x'31'), (5, NULL), (6, '')",
    );
    on(
        Db::Sqlite,
        "CREATE TABLE users (id integer PRIMARY KEY, username any NOT NULL) STRICT;
         INSERT INTO users VALUES (1, 1), (2, '1'), (3, 1.5), (4, x'31'), (6, '')",
    );
}

#[test]
fn life_shapes_sqlite_what_refers_to_the_column() {
    on(
        Db::Sqlite,
        "CREATE TABLE users (id integer PRIMARY KEY, username text UNIQUE CHECK (username <> 'x'),
                             shout text AS (upper(username)));
         CREATE TABLE posts (author text REFERENCES users (username));
         CREATE VIEW names (name) AS SELECT username FROM users;
         CREATE INDEX users_some ON users (username) WHERE username > 'b';
         CREATE INDEX users_lower ON users (lower(username));
         CREATE TABLE log (line text);
         CREATE TRIGGER users_log AFTER UPDATE OF username ON users
           BEGIN INSERT INTO log VALUES (old.username || new.username); END;
         INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace')",
    );
}

fn on_mariadb(sql_type: &str, values: &[&str]) {
    let project = Project::new(Db::Mariadb);
    let values = values.iter().enumerate().map(|(id, value)| format!("({id}, {value})"));
    let table = format!(
        "CREATE TABLE users (id integer PRIMARY KEY, username {sql_type});
         INSERT INTO users VALUES {}",
        values.collect::<Vec<_>>().join(", ")
    );
    live(&project, USERS, &table);
}

#[test]
fn life_shapes_mariadb_types() {
    on_mariadb("varchar(10) NOT NULL UNIQUE COMMENT 'what it''s for'", &["'ada'", "'grace'"]);
    on_mariadb("varchar(9) CHARACTER SET latin1 COLLATE latin1_bin", &["'é'", "'e'", "NULL"]);
    on_mariadb("varchar(9)", &["'ada'", "'Ada'", "'ADA '", "'ADA'"]);
    on_mariadb("longtext", &["'ada'", "''", "NULL"]);
    on_mariadb("decimal(10,2) DEFAULT 1.5", &["1", "2.50", "NULL"]);
    on_mariadb("float", &["1.0000001", "1.0000002", "-0", "0"]);
    on_mariadb("double NOT NULL DEFAULT 0", &["1e300", "-0.0"]);
    on_mariadb("timestamp NULL DEFAULT current_timestamp()", &["'2026-11-21 10:00:00'", "NULL"]);
    on_mariadb("datetime(6)", &["'2026-11-21 10:00:00.123456'", "NULL"]);
    on_mariadb("enum('sad','it''s ok') NOT NULL DEFAULT 'sad'", &["'sad'", "'it''s ok'"]);
    on_mariadb("bit(3) DEFAULT b'101'", &["1", "5"]);
    on_mariadb("varbinary(9)", &["x'00ff'", "''", "NULL"]);
    on_mariadb("bigint unsigned NOT NULL UNIQUE", &["18446744073709551615", "0"]);
}

#[test]
fn life_shapes_mariadb_keys() {
    for (key, values) in [
        ("decimal(5,2)", ["1.10", "-3", "2"]),
        ("date", ["2026-01-02", "2025-01-02", "1999-12-31"]),
        ("varbinary(9)", ["a''b", "A", ""]),
        ("varchar(9)", ["a''b", "B", "c"]),
        (
            "uuid",
            [
                "00000000-0000-0000-0000-000000000001",
                "ffffffff-0000-0000-0000-000000000001",
                "7fffffff-0000-0000-0000-000000000001",
            ],
        ),
        // Of these no key can be made: such a table is walked without one.
        ("enum('z','a','m')", ["a", "z", "m"]),
        ("float", ["0.1", "0.2", "-7"]),
    ] {
        let project = Project::new(Db::Mariadb);
        let rows = values.map(|value| format!("('{value}', 'name of {}')", value.len()));
        let table = format!(
            "CREATE TABLE users (k {key} PRIMARY KEY, username varchar(99));
             INSERT INTO users VALUES {}",
            rows.join(", ")
        );
        project.write("handover.yml", "backfill: { batch_size: 1 }\n");
        live(&project, USERS, &table);
    }
}

#[test]
fn life_shapes_mariadb_prefixes_and_other_indexes() {
    live(
        &Project::new(Db::Mariadb),
        USERS,
        "CREATE TABLE users (id integer PRIMARY KEY, username varchar(300) NOT NULL, n int,
                             UNIQUE names (username(20), n), INDEX begins (username(3)),
                             INDEX downwards (n DESC, username DESC)) CHARACTER SET latin1;
         INSERT INTO users VALUES (1, 'ada', 1), (2, 'grace', NULL)",
    );
}

/// A trigger without a schema was looked for in the connection's database, and views of that
/// database were taken for views of this table.
#[test]
fn life_shapes_mariadb_a_table_of_another_database() {
    let project = Project::new(Db::Mariadb);
    let other = project.query("SELECT concat(database(), '_other')").remove(0);
    project.sql(&format!(
        "CREATE DATABASE {other};
         CREATE TABLE {other}.users (id integer PRIMARY KEY, username varchar(9) NOT NULL UNIQUE);
         INSERT INTO {other}.users VALUES (1, 'ada'), (2, 'grace');
         CREATE TABLE users (username int); CREATE VIEW v AS SELECT username FROM users"
    ));
    let rename = Rename { schema: Some(&other), ..USERS };
    rename.write(&project);
    let columns = || {
        project.query(&format!(
            "SELECT concat_ws(' ', column_name, is_nullable, column_key)
             FROM information_schema.columns WHERE table_schema = '{other}' ORDER BY 1"
        ))
    };
    let before = columns();
    project.version("9.0.0");
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    assert_eq!(columns(), ["handle NO UNI", "id NO PRI", "username NO UNI"]);
    rename.expect_equal(&project);
    project.version("9.0.1");
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    assert_eq!(columns(), ["handle NO UNI", "id NO PRI"]);
    let _ = project.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
    assert_eq!(columns(), before);
    assert_eq!(project.query(&format!("SELECT username FROM {other}.users")), ["ada", "grace"]);
    project.sql(&format!("DROP DATABASE {other}"));
}
