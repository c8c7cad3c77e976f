//! `db init`: what a database is when handover first meets it.

use std::fmt::Write as _;

use insta::allow_duplicates;

use crate::support::project::{Db, Project, each_database};
use crate::support::traces::USERS;

/// The users as the code of 9.0.1 wants them.
const RENAMED: &str = "CREATE TABLE users (id integer PRIMARY KEY, handle text NOT NULL UNIQUE)";

#[test]
fn init_makes_the_tables_and_nothing_else() {
    allow_duplicates!(each_database(|project| {
        project.sql(USERS);
        project.add_worked_example();
        project.version("9.0.0");
        let users = project.dump("users");
        let output = project.handover(&["db", "init"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        the database is ready to be migrated
        next: handover db plan
        [exit 0]
        ");
        assert_eq!(project.dump("users"), users);
        let tables = project.traces();
        let _ = project.handover(&["db", "init"]).expect_status(0);
        assert!(project.traces() == tables);
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
    }));
}

#[test]
fn what_a_fresh_database_has_need_not_run() {
    allow_duplicates!(each_database(|project| {
        project.add_worked_example();
        project.version("9.0.1");
        let output = project.handover(&["db", "init", "--fresh"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        the database is fresh, at 9.0.1: 3 migrations need not run
        next: handover db plan
        [exit 0]
        ");
        project.sql(RENAMED);
        let users = project.dump("users");
        let output = project.handover(&["db", "migrate"]).expect_status(0);
        assert!(output.stdout.starts_with("nothing to do"), "{output}");
        assert_eq!(project.dump("users"), users);
        let status = project.handover(&["db", "status"]).expect_status(0);
        assert!(status.stdout.contains("contracted"), "{status}");
    }));
}

#[test]
fn what_a_baseline_has_need_not_run() {
    allow_duplicates!(each_database(|project| {
        project.add_worked_example();
        project.write("release_migrations/9.1.0/7_index.sql", "CREATE TABLE later (id integer)");
        project.version("9.1.0");
        project.sql(RENAMED);
        let output = project.handover(&["db", "init", "--baseline", "9.0.1"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        the database is at 9.0.1: 3 migrations need not run
        next: handover db plan
        [exit 0]
        ");
        let output = project.handover(&["db", "migrate"]).expect_status(0);
        assert!(!output.stderr.contains("rename_users"), "{output}");
        assert_eq!(project.query("SELECT CAST(count(*) AS text) FROM later"), ["0"]);
    }));
}

#[test]
fn a_database_that_is_not_what_was_said() {
    let on = |db| {
        let mut text = String::new();
        let ran: &[&str] = &["db", "migrate", "--offline", "--app-version", "9.0.0"];
        for (name, sql, before, arguments) in [
            ("fresh, but has tables", USERS, None, &["--fresh"][..]),
            ("fresh, but migrated", "SELECT 1", Some(&["db", "init"][..]), &["--fresh"]),
            ("before a change has ended", USERS, None, &["--baseline", "9.0.0"]),
            ("not renamed", USERS, None, &["--baseline", "9.0.1"]),
            ("no release", USERS, None, &["--baseline", "v9"]),
            ("both", USERS, None, &["--fresh", "--baseline", "9.0.1"]),
            ("baseline of a migrated one", USERS, Some(ran), &["--baseline", "9.0.1"]),
            ("fresh of a migrated one", USERS, Some(ran), &["--fresh"]),
        ] {
            let project = Project::new(db);
            project.sql(sql);
            project.add_worked_example();
            project.version("9.0.1");
            if let Some(before) = before {
                let _ = project.handover(before).expect_status(0);
            }
            let all = [&["db", "init"], arguments].concat();
            let output = project.handover(&all);
            writeln!(text, "## {name}\n{output}").unwrap();
            if output.status != Some(0) {
                let left = project.handover(&["db", "status", "--json"]).stdout;
                assert!(!left.contains("contracted"), "{left}");
            }
        }
        text
    };
    let text = on(Db::Sqlite);
    assert_eq!(on(Db::Postgres), text);
    insta::assert_snapshot!(text, @r"
    ## fresh, but has tables
    --- stderr ---
    error: the database cannot be at release 9.0.1: it is not fresh: it has tables
    hint: give the release whose schema it has: `handover db init --baseline X.Y.Z`
    [exit 2]
    ## fresh, but migrated
    the database is fresh, at 9.0.1: 3 migrations need not run
    next: handover db plan
    [exit 0]
    ## before a change has ended
    --- stderr ---
    error: the database cannot be at release 9.0.0: change `rename_users_username_to_handle` is not finished in it
    hint: give the release whose schema it has: `handover db init --baseline X.Y.Z`
    [exit 2]
    ## not renamed
    --- stderr ---
    error: the database cannot be at release 9.0.1: table `users` should have a column `handle` and none called `username`
    hint: give the release whose schema it has: `handover db init --baseline X.Y.Z`
    [exit 2]
    ## no release
    --- stderr ---
    error: `--baseline` is no release
    caused by: `v9` is not a version of the form `9.0.0`
    caused by: unexpected character 'v' while parsing major version number
    hint: give a release such as `--baseline 9.0.0`
    [exit 2]
    ## both
    --- stderr ---
    error: the argument '--fresh' cannot be used with '--baseline <X.Y.Z>'

    Usage: handover db init --fresh

    For more information, try '--help'.
    [exit 2]
    ## baseline of a migrated one
    --- stderr ---
    error: the database cannot be at release 9.0.1: migrations have run on it already
    hint: see which: `handover db status`
    [exit 2]
    ## fresh of a migrated one
    --- stderr ---
    error: the database cannot be at release 9.0.1: migrations have run on it already
    hint: see which: `handover db status`
    [exit 2]
    ");
}
