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
    let odd = Rename { table: "odd \"table.s' ", from: "user \"name", to: "SELECT", schema: None };
    each_database(|project| {
        live(
            project,
            odd,
            "CREATE TABLE \"odd \"\"table.s' \" (\"Id\" integer PRIMARY KEY,
                                               \"user \"\"name\" text NOT NULL UNIQUE);
             CREATE INDEX \"an \"\"index\" ON \"odd \"\"table.s' \" (\"user \"\"name\");
             INSERT INTO \"odd \"\"table.s' \" VALUES (1, 'ada'), (2, 'grace')",
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
         CREATE VIEW names AS SELECT username FROM users;
         CREATE INDEX users_some ON users (username) WHERE username > 'b';
         CREATE INDEX users_lower ON users (lower(username));
         CREATE TABLE log (line text);
         CREATE TRIGGER users_log AFTER UPDATE OF username ON users
           BEGIN INSERT INTO log VALUES (old.username || new.username); END;
         INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace')",
    );
}
