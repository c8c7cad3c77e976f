//! `check` and `release cut`: plain SQL that touches a column while a rename of it is under way.

use std::fmt::Write as _;

use crate::support::project::{Db, Project};

/// What `check` says of each file in the worked example, where `users.username` is renamed in 9.0.0
/// and 9.0.1.
fn said(arguments: &[&str], files: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (path, sql) in files {
        let project = Project::worked_example(Db::Sqlite, "9.0.0");
        project.write(path, sql);
        let before = project.traces();
        let output = project.handover(&[&["check"], arguments].concat());
        assert!(project.traces() == before, "{path} has changed something:\n{output}");
        writeln!(text, "## {path}: {sql}\n{output}").unwrap();
    }
    text
}

/// A file with an id after that of the expand.
const INDEX: &str = "release_migrations/9.0.0/20261121093009_add_index.sql";

#[test]
fn what_would_have_to_be_carried_over() {
    let said = said(
        &[],
        &[
            (INDEX, "CREATE INDEX i ON users (lower(username))"),
            (INDEX, "-- a view\nCREATE VIEW v AS\n  SELECT * FROM users;\n"),
            (INDEX, "UPDATE users SET username = lower(username)"),
            (INDEX, "INSERT INTO users VALUES (3, 'mary')"),
            (INDEX, "ALTER TABEL users ADD CHECK (username <> '')"),
            (
                "release_migrations/9.0.1/7_x.post.sql",
                "ALTER TABLE users ALTER COLUMN username SET NOT NULL",
            ),
            ("unreleased/7_x.sql", "ALTER TABLE users DROP COLUMN username"),
        ],
    );
    insta::assert_snapshot!(said, @r"
    ## release_migrations/9.0.0/20261121093009_add_index.sql: CREATE INDEX i ON users (lower(username))
    --- stderr ---
    problem: release_migrations/9.0.0/20261121093009_add_index.sql:1:1: `CREATE INDEX i ON users (lower(username))` touches `username` of `users` between the expand and the contract of `rename_users_username_to_handle`; nothing carries that over
    hint: move `release_migrations/9.0.0/20261121093009_add_index.sql` to a release after 9.0.1, or give it an id below 20261121093000, that of the expand; or do the same to `username` and `handle`
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## release_migrations/9.0.0/20261121093009_add_index.sql: -- a view
    CREATE VIEW v AS
      SELECT * FROM users;

    --- stderr ---
    problem: release_migrations/9.0.0/20261121093009_add_index.sql:2:1: `CREATE VIEW v AS SELECT * FROM users` touches every column of `users` between the expand and the contract of `rename_users_username_to_handle`; nothing carries that over
    hint: move `release_migrations/9.0.0/20261121093009_add_index.sql` to a release after 9.0.1, or give it an id below 20261121093000, that of the expand
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## release_migrations/9.0.0/20261121093009_add_index.sql: UPDATE users SET username = lower(username)
    --- stderr ---
    problem: release_migrations/9.0.0/20261121093009_add_index.sql:1:1: `UPDATE users SET username = lower(username)` writes `username` of `users` between the expand and the contract of `rename_users_username_to_handle`; the two would differ
    hint: move `release_migrations/9.0.0/20261121093009_add_index.sql` to a release after 9.0.1, or give it an id below 20261121093000, that of the expand; or do the same to `username` and `handle`
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## release_migrations/9.0.0/20261121093009_add_index.sql: INSERT INTO users VALUES (3, 'mary')
    --- stderr ---
    problem: release_migrations/9.0.0/20261121093009_add_index.sql:1:1: `INSERT INTO users VALUES (3, 'mary')` inserts into `users` by the position of its columns between the expand and the contract of `rename_users_username_to_handle`; the table then has one column more
    hint: move `release_migrations/9.0.0/20261121093009_add_index.sql` to a release after 9.0.1, or give it an id below 20261121093000, that of the expand; or name the columns
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## release_migrations/9.0.0/20261121093009_add_index.sql: ALTER TABEL users ADD CHECK (username <> '')
    --- stderr ---
    problem: release_migrations/9.0.0/20261121093009_add_index.sql:1:1: `ALTER TABEL users ADD CHECK (username <> '')` cannot be read, and names `username` of `users` between the expand and the contract of `rename_users_username_to_handle`; nothing carries that over
    hint: move `release_migrations/9.0.0/20261121093009_add_index.sql` to a release after 9.0.1, or give it an id below 20261121093000, that of the expand; or, if it leaves the column alone, say so in a comment: `-- handover:allow`
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## release_migrations/9.0.1/7_x.post.sql: ALTER TABLE users ALTER COLUMN username SET NOT NULL
    --- stderr ---
    problem: release_migrations/9.0.1/7_x.post.sql:1:1: `ALTER TABLE users ALTER COLUMN username SET NOT NULL` touches `username` of `users` between the expand and the contract of `rename_users_username_to_handle`; nothing carries that over
    hint: move `release_migrations/9.0.1/7_x.post.sql` to a release after 9.0.1, or to 9.0.0 with an id below 20261121093000, that of the expand; or do the same to `username` and `handle`
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## unreleased/7_x.sql: ALTER TABLE users DROP COLUMN username
    --- stderr ---
    problem: unreleased/7_x.sql:1:1: `ALTER TABLE users DROP COLUMN username` drops or renames `username` of `users` between the expand and the contract of `rename_users_username_to_handle`; the rename needs it
    hint: move `unreleased/7_x.sql` to a release after 9.0.1, or to 9.0.0 with an id below 20261121093000, that of the expand
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ");
}

#[test]
fn what_is_done_to_both_columns_is_a_warning() {
    let both = "CREATE INDEX a ON users (username);\nCREATE INDEX b ON users (handle)";
    insta::assert_snapshot!(said(&[], &[(INDEX, both)]), @r"
    ## release_migrations/9.0.0/20261121093009_add_index.sql: CREATE INDEX a ON users (username);
    CREATE INDEX b ON users (handle)
    4 migration files, no problem, 1 warning
    --- stderr ---
    warning: release_migrations/9.0.0/20261121093009_add_index.sql:1:1: `CREATE INDEX a ON users (username)` touches `username` and `handle` of `users` between the expand and the contract of `rename_users_username_to_handle`
    hint: make sure that it does the same to both, and say so in a comment of each statement: `-- handover:allow`; or move `release_migrations/9.0.0/20261121093009_add_index.sql` to a release after 9.0.1, or give it an id below 20261121093000, that of the expand
    [exit 0]
    ");
    let strict = said(&["--strict"], &[(INDEX, both)]);
    assert!(strict.contains("[exit 2]"), "{strict}");
    let allowed = "CREATE INDEX a ON users (username); -- handover:allow\n\
                   CREATE INDEX b ON users (handle); -- handover:allow";
    let strict = said(&["--strict"], &[(INDEX, allowed)]);
    assert!(strict.contains("no problem\n[exit 0]"), "{strict}");
}

#[test]
fn what_leaves_the_column_alone_is_no_finding() {
    let text = said(
        &["--strict"],
        &[
            (INDEX, "ALTER TABLE users ADD COLUMN note text"),
            (INDEX, "CREATE INDEX i ON people (username)"),
            ("release_migrations/9.0.0/7_x.sql", "CREATE INDEX i ON users (username)"),
            ("release_migrations/9.1.0/20261121093009_x.sql", "CREATE INDEX i ON users (handle)"),
        ],
    );
    assert_eq!(text.matches("no problem\n[exit 0]").count(), 4, "{text}");
    // For a release after the contract's.
    let later =
        said(&["--target", "9.1.0"], &[("unreleased/7_x.sql", "CREATE INDEX i ON users (handle)")]);
    assert!(later.contains("no problem\n[exit 0]"), "{later}");
}

#[test]
fn programs_get_the_place() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    project.write(INDEX, "SELECT 1;\n  CREATE INDEX i ON users (username)");
    let output = project.handover(&["check", "--format", "github"]).expect_status(2);
    let begin = format!("::error file={INDEX},line=2,col=3,title=handover%3A touches-rename::");
    assert!(output.stdout.starts_with(&begin), "{output}");
}

/// What a dump has recorded is in databases already.
#[test]
fn what_is_released_cannot_be_helped() {
    let project = Project::new(Db::Sqlite);
    project.version("8.17.0");
    project.write(
        "release_migrations/8.17.0/1_users.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, username text)",
    );
    project.add_worked_example();
    project.version("9.0.0");
    project.write(INDEX, "CREATE INDEX i ON users (username)");
    let _ = project.handover(&["check"]).expect_status(2);
    let _ = project.handover(&["db", "dump", "--scratch"]).expect_status(0);
    let dump = std::fs::read_to_string(project.root().join("schema.sqlite.sql")).unwrap();
    assert!(dump.contains("add_index.sql"), "{dump}");
    let _ = project.handover(&["check"]).expect_status(0);
}

#[test]
fn a_cut_refuses_it() {
    let project = Project::new(Db::Sqlite);
    project.version("8.17.0");
    let _ = project.handover(&["gen", "rename", "users.username", "handle"]).expect_status(0);
    let file = "unreleased/29990101000000_add_index.sql";
    project.write(file, "CREATE INDEX i ON users (username)");
    let before = project.traces();
    let output = project.handover(&["release", "cut", "9.0.0"]).expect_status(3);
    assert!(project.traces() == before);
    let text = regex::Regex::new(r"\b20\d{12}")
        .unwrap()
        .replace_all(&output.to_string(), "[id]")
        .into_owned();
    insta::assert_snapshot!(text, @r"
    --- stderr ---
    error: 9.0.0 cannot be cut: unreleased/29990101000000_add_index.sql:1:1: `CREATE INDEX i ON users (username)` touches `username` of `users` between the expand and the contract of `rename_users_username_to_handle`; nothing carries that over
    hint: move `unreleased/29990101000000_add_index.sql` to a release after 9.0.1, or give it an id below [id], that of the expand; or do the same to `username` and `handle`
    [exit 3]
    ");
    // Before the expand it is what the expand copies.
    std::fs::rename(project.root().join(file), project.root().join("unreleased/7_add_index.sql"))
        .unwrap();
    let _ = project.handover(&["release", "cut", "9.0.0"]).expect_status(0);
    // In the release of the contract it would be too early still, and after it, it is not.
    project.write(file, "CREATE INDEX j ON users (handle)");
    let _ = project.handover(&["release", "cut", "9.0.1"]).expect_status(3);
    let _ = project.handover(&["release", "cut", "9.0.2"]).expect_status(0);
}
