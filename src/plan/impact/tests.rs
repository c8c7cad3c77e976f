//! The impact of migrations, kind by kind.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use super::*;
use crate::database::Dialect;
use crate::model::Deploy;
use crate::releases::sample::{rename, sql};
use crate::releases::{Body, Migration};

fn plain(text: &str) -> Migration {
    Migration { body: Body::Sql { text: text.to_owned() }, ..sql(1, "plain", "9.0.0") }
}

fn say(migration: &Migration, dialect: Option<Dialect>) -> String {
    let impact = Impact::of(migration, dialect);
    let effects = impact.effects.iter();
    let effects: Vec<String> = effects
        .map(|effect| format!("{} [{:?}, {:?}]", effect.what, effect.traffic, effect.extent))
        .collect();
    effects.join(" + ")
}

#[test]
fn each_stage_on_each_kind_of_database() {
    let stages = rename(10, "users.username", "handle", ["9.0.0", "9.0.0", "9.0.1"]);
    let mut text = String::new();
    for dialect in [None, Some(Dialect::Postgres), Some(Dialect::MariaDb), Some(Dialect::Sqlite)] {
        for stage in &stages {
            writeln!(text, "{}: {}", stage.stage().unwrap(), say(stage, dialect)).unwrap();
        }
    }
    insta::assert_snapshot!(text, @r"
    expand: adds the column `handle` to `users`, which is locked for a moment [Runs, Moment]
    backfill: copies `username` to `handle` in every row of `users`, without its triggers, and builds its indexes; a write waits only for a batch that holds its row [Runs, Copy]
    contract: drops the column `username` of `users`, which is locked for a moment, twice; `handle` is then the last column, and indexes and constraints named after `username` are named after `handle` [Runs, Moment]
    expand: adds the column `handle` to `users`, which is locked for a moment [Runs, Moment]
    backfill: copies `username` to `handle` in every row of `users`, without its triggers, and builds its indexes; a write waits only for a batch that holds its row [Runs, Copy]
    contract: drops the column `username` of `users`, which is locked for a moment, twice; `handle` is then the last column, and indexes and constraints named after `username` are named after `handle` [Runs, Moment]
    expand: adds the column `handle` to `users`, which is locked for a moment [Runs, Moment]
    backfill: copies `username` to `handle` in every row of `users`, without its triggers, and builds its indexes; a write waits only for a batch that holds its row [Runs, Copy]
    contract: makes `username` nullable, for which MariaDB may rebuild `users` while reads and writes go on, then drops it at once; `handle` is then the last column, and indexes named after `username` are named after `handle` [Runs, Scan]
    expand: adds the column `handle` to `users`, which is locked for a moment [Runs, Moment]
    backfill: copies `username` to `handle` in every row of `users`, without its triggers; writes wait for one batch at a time, and while an index is built [Waits, Copy]
    contract: drops the column `username` of `users`, for which SQLite rewrites the table; writes wait until it is done [Waits, Scan]
    ");
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE tags (id int)",
    "CREATE VIEW names AS SELECT name FROM users",
    "CREATE INDEX users_email ON users (email)",
    "CREATE INDEX CONCURRENTLY users_email ON users (email)",
    "ALTER TABLE users ADD COLUMN age int",
    "ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT -1, DROP COLUMN email",
    "ALTER TABLE users ADD COLUMN age int NOT NULL",
    "ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid()",
    "ALTER TABLE users ADD COLUMN tag int REFERENCES tags (id)",
    "ALTER TABLE users RENAME COLUMN username TO handle",
    "ALTER TABLE users RENAME TO people",
    "ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0)",
    "ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
    "ALTER TABLE users ALTER COLUMN email SET NOT NULL",
    "ALTER TABLE users ALTER COLUMN email DROP NOT NULL",
    "ALTER TABLE users ALTER COLUMN email TYPE varchar(9)",
    "ALTER TABLE users ENABLE TRIGGER ALL",
    "DROP TABLE users, tags",
    "DROP INDEX users_email",
    "DROP SEQUENCE users_id_seq",
    "INSERT INTO tags VALUES (1)",
    "INSERT INTO tags SELECT id FROM users",
    "UPDATE users SET email = lower(email)",
    "DELETE FROM users WHERE id = 3",
    "SELECT setval('users_id_seq', 5)",
    "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql",
    "not SQL at all",
    "CREATE TABLE tags (id int); CREATE INDEX i ON tags (id);",
    "-- nothing but a comment",
];

#[test]
fn plain_sql_shows_what_it_does() {
    let mut text = String::new();
    for statement in STATEMENTS {
        writeln!(text, "{statement}\n  {}", say(&plain(statement), Some(Dialect::Postgres)))
            .unwrap();
    }
    insta::assert_snapshot!(text, @r"
    CREATE TABLE tags (id int)
      creates `tags` [Runs, Moment]
    CREATE VIEW names AS SELECT name FROM users
      creates `names` [Runs, Moment]
    CREATE INDEX users_email ON users (email)
      builds an index of `users`; writes to the table wait until it is done [Waits, Scan]
    CREATE INDEX CONCURRENTLY users_email ON users (email)
      builds an index of `users` CONCURRENTLY, which PostgreSQL refuses inside a migration's transaction [Breaks, Scan]
    ALTER TABLE users ADD COLUMN age int
      adds `age` to `users`, which is locked for a moment [Runs, Moment]
    ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT -1, DROP COLUMN email
      adds `age` to `users`, which is locked for a moment [Runs, Moment] + drops `email` of `users`; code that still uses it fails [Breaks, Moment]
    ALTER TABLE users ADD COLUMN age int NOT NULL
      adds `age` to `users`, NOT NULL and without a default: inserts of running code fail [Breaks, Moment]
    ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid()
      adds `token` to `users`; everybody who uses the table may wait while its rows are written or checked [Waits, Copy]
    ALTER TABLE users ADD COLUMN tag int REFERENCES tags (id)
      adds `tag` to `users`; everybody who uses the table may wait while its rows are written or checked [Waits, Copy]
    ALTER TABLE users RENAME COLUMN username TO handle
      renames a column of `users` at once; code that uses the old name fails (`handover gen rename` spares that) [Breaks, Moment]
    ALTER TABLE users RENAME TO people
      renames `users`; code that uses the old name fails [Breaks, Moment]
    ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0)
      adds a constraint to `users`; writes to it wait while its rows are checked [Waits, Scan]
    ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0) NOT VALID
      adds a constraint to `users` without checking its rows [Runs, Moment]
    ALTER TABLE users ALTER COLUMN email SET NOT NULL
      makes `email` of `users` refuse NULL; everybody who uses the table waits while its rows are checked [Waits, Scan]
    ALTER TABLE users ALTER COLUMN email DROP NOT NULL
      changes `email` of `users`, which is locked for a moment [Runs, Moment]
    ALTER TABLE users ALTER COLUMN email TYPE varchar(9)
      changes the type of `email`; everybody who uses `users` waits while it is rewritten [Waits, Copy]
    ALTER TABLE users ENABLE TRIGGER ALL
      changes `users` [Unknown, Unknown]
    DROP TABLE users, tags
      drops `users`; code that still uses it fails [Breaks, Moment] + drops `tags`; code that still uses it fails [Breaks, Moment]
    DROP INDEX users_email
      drops the index `users_email` [Runs, Moment]
    DROP SEQUENCE users_id_seq
      drops `users_id_seq` [Unknown, Unknown]
    INSERT INTO tags VALUES (1)
      adds rows to `tags` [Runs, Moment]
    INSERT INTO tags SELECT id FROM users
      runs `INSERT INTO tags SELECT id FROM users` [Unknown, Unknown]
    UPDATE users SET email = lower(email)
      changes rows of `users` in one statement; writes to them wait until it is done [Waits, Copy]
    DELETE FROM users WHERE id = 3
      deletes rows of `users` in one statement; writes to them wait until it is done [Waits, Copy]
    SELECT setval('users_id_seq', 5)
      runs `SELECT setval('users_id_seq', 5)` [Unknown, Unknown]
    CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql
      runs `CREATE FUNCTION f() RETURNS INT LANGUAGE sql AS $$ SELECT 1 ` [Unknown, Unknown]
    not SQL at all
      has SQL that handover cannot parse [Unknown, Unknown]
    CREATE TABLE tags (id int); CREATE INDEX i ON tags (id);
      creates `tags` [Runs, Moment] + builds an index of `tags` [Runs, Moment]
    -- nothing but a comment
    ");
    let index = plain("CREATE INDEX users_email ON users (email)");
    for (dialect, expect) in [
        (None, Traffic::Waits),
        (Some(Dialect::MariaDb), Traffic::Runs),
        (Some(Dialect::Sqlite), Traffic::Waits),
    ] {
        assert_eq!(Impact::of(&index, dialect).traffic(), expect, "{dialect:?}");
    }
}

/// After the roll-out nobody is left who needs what goes.
#[test]
fn what_is_dropped_after_the_roll_out_breaks_nobody() {
    for (statement, dialect, before, after) in [
        ("DROP TABLE tags", Dialect::Sqlite, Traffic::Breaks, Traffic::Runs),
        ("ALTER TABLE a DROP COLUMN b", Dialect::Postgres, Traffic::Breaks, Traffic::Runs),
        ("ALTER TABLE a DROP COLUMN b", Dialect::Sqlite, Traffic::Breaks, Traffic::Waits),
    ] {
        let pre = plain(statement);
        let post = Migration { deploy: Deploy::Post, ..pre.clone() };
        let traffic = |migration| Impact::of(migration, Some(dialect)).traffic();
        assert_eq!((traffic(&pre), traffic(&post)), (before, after), "{statement} on {dialect}");
    }
}

#[test]
fn the_worst_counts() {
    let both = plain("UPDATE users SET a = 1; DROP TABLE tags; SELECT f();");
    assert_eq!(Impact::of(&both, None).traffic(), Traffic::Breaks);
    assert_eq!(Impact::of(&plain(""), None).traffic(), Traffic::Runs);
}

#[test]
fn time_follows_from_rows() {
    let stages = rename(10, "users.username", "handle", ["9.0.0", "9.0.0", "9.0.1"]);
    let mut sizes = Sizes {
        dialect: Dialect::Postgres,
        rows: HashMap::from([("users".parse().unwrap(), 6_000_000)]),
        copied: None,
    };
    let expect = |sizes: &Sizes, migration: &Migration| {
        sizes.expect(&Impact::of(migration, Some(sizes.dialect)))
    };
    let minutes = |minutes| Some(Duration::from_mins(minutes));
    assert_eq!(expect(&sizes, &stages[0]), minutes(0));
    assert_eq!(expect(&sizes, &stages[1]), minutes(10));
    assert_eq!(expect(&sizes, &stages[2]), minutes(0));
    // PostgreSQL folds a name without quotes.
    assert_eq!(expect(&sizes, &plain("CREATE INDEX i ON Users (x)")), minutes(1));
    assert_eq!(expect(&sizes, &plain("CREATE INDEX i ON \"Users\" (x)")), minutes(0));
    assert_eq!(expect(&sizes, &plain("VACUUM users")), None);
    let budget = Duration::from_mins(9);
    let overrun = sizes.overrun(&stages[1], budget).unwrap();
    assert_eq!((overrun.expected, overrun.budget), (Duration::from_mins(10), budget));
    assert_eq!(sizes.overrun(&stages[1], Duration::from_mins(10)), None);
    sizes.copied = Some(100_000.0);
    assert_eq!(expect(&sizes, &stages[1]), minutes(1));
    sizes.copied = Some(f64::MIN_POSITIVE);
    assert!(expect(&sizes, &stages[1]) > minutes(1_000_000));
}
