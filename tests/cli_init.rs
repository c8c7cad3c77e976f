//! `db init`: what a database is when handover first meets it.

use std::fmt::Write as _;

use insta::allow_duplicates;

use crate::support::project::{Db, Project, each_bare_database};
use crate::support::traces::USERS;

/// The users as the code of 9.0.1 wants them.
const RENAMED: &str = "CREATE TABLE users (id integer PRIMARY KEY, handle text NOT NULL UNIQUE)";

#[test]
fn init_of_an_empty_database_makes_the_tables_and_nothing_else() {
    allow_duplicates!(each_bare_database(|project| {
        project.add_worked_example();
        project.version("9.0.0");
        let output = project.handover(&["db", "init"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        the database is empty, so every migration is to run on it
        next: handover db plan
        [exit 0]
        ");
        let tables = project.traces();
        for again in [&["db", "init"][..], &["db", "init", "--fresh"]] {
            let output = project.handover(again).expect_status(2);
            insta::assert_snapshot!(output, @r"
            --- stderr ---
            error: the database is initialised already
            hint: see where it is: `handover db status`
            [exit 2]
            ");
            assert!(project.traces() == tables);
        }
        project.sql(USERS);
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
    }));
}

#[test]
fn what_a_fresh_database_has_need_not_run() {
    allow_duplicates!(each_bare_database(|project| {
        project.add_worked_example();
        // The contract is of 9.0.1; but the table is made without the column from the start.
        project.version("9.0.0");
        let output = project.handover(&["db", "init", "--fresh"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        the database is fresh, at 9.0.0: 3 migrations need not run
        next: handover db plan
        [exit 0]
        ");
        project.sql(RENAMED);
        let users = project.dump("users");
        for version in ["9.0.0", "9.0.1", "9.1.0"] {
            project.version(version);
            let output = project.handover(&["db", "migrate"]).expect_status(0);
            assert!(output.stdout.starts_with("nothing to do"), "{output}");
        }
        assert_eq!(project.dump("users"), users);
        let status = project.handover(&["db", "status"]).expect_status(0);
        assert!(status.stdout.contains("contracted"), "{status}");
    }));
}

#[test]
fn what_a_baseline_has_need_not_run() {
    allow_duplicates!(each_bare_database(|project| {
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
        for (name, sql, before, arguments) in [
            ("nothing said", USERS, None, &[][..]),
            ("fresh, but has tables", USERS, None, &["--fresh"]),
            ("a baseline, but empty", "SELECT 1", None, &["--baseline", "8.17.0"]),
            ("before a change has ended", USERS, None, &["--baseline", "9.0.0"]),
            ("not renamed", USERS, None, &["--baseline", "9.0.1"]),
            ("no release", USERS, None, &["--baseline", "v9"]),
            ("both", USERS, None, &["--fresh", "--baseline", "9.0.1"]),
            ("twice", USERS, Some("8.17.0"), &["--baseline", "8.17.0"]),
        ] {
            let project = Project::bare(db);
            project.sql(sql);
            project.add_worked_example();
            project.version("9.0.1");
            if let Some(release) = before {
                let before = ["db", "init", "--baseline", release];
                let _ = project.handover(&before).expect_status(0);
            }
            let left = project.traces();
            let all = [&["db", "init"], arguments].concat();
            let output = project.handover(&all).expect_status(2);
            writeln!(text, "## {name}\n{output}").unwrap();
            assert!(project.traces() == left, "{name}");
        }
        text
    };
    let text = on(Db::Sqlite);
    for db in [Db::Postgres, Db::Mariadb] {
        assert_eq!(on(db), text);
    }
    insta::assert_snapshot!(text, @r"
    ## nothing said
    --- stderr ---
    error: the database has tables, so the release of its schema has to be given
    hint: give the release: `handover db init --baseline RELEASE`
    [exit 2]
    ## fresh, but has tables
    --- stderr ---
    error: the database cannot be at release 9.0.1: it is not fresh: it has tables
    hint: give the release whose schema it has: `handover db init --baseline RELEASE`
    [exit 2]
    ## a baseline, but empty
    --- stderr ---
    error: the database cannot be at release 8.17.0: it is empty
    hint: give the release whose schema it has: `handover db init --baseline RELEASE`
    [exit 2]
    ## before a change has ended
    --- stderr ---
    error: the database cannot be at release 9.0.0: change `rename_users_username_to_handle` is not finished in it
    hint: give the release whose schema it has: `handover db init --baseline RELEASE`
    [exit 2]
    ## not renamed
    --- stderr ---
    error: the database cannot be at release 9.0.1: table `users` should have a column `handle` and none called `username`
    hint: give the release whose schema it has: `handover db init --baseline RELEASE`
    [exit 2]
    ## no release
    --- stderr ---
    error: `--baseline` is not a valid release
    caused by: `v9` is not a version of the form `9.0.0`
    hint: give a release such as `--baseline 9.0.0`, or set `release: { scheme: sequence }` in `handover.yml` if releases are numbered that way
    [exit 2]
    ## both
    --- stderr ---
    error: the argument '--fresh' cannot be used with '--baseline <RELEASE>'

    Usage: handover db init --fresh

    For more information, try '--help'.
    [exit 2]
    ## twice
    --- stderr ---
    error: the database is initialised already, and at release 8.17.0
    hint: see where it is: `handover db status`; as nothing has run yet, `handover db init --baseline RELEASE` corrects its release
    [exit 2]
    ");
}

/// Renames of one column one after the other: a baseline behind all of them has only the last name.
#[test]
fn a_baseline_behind_a_chain_of_renames() {
    each_bare_database(|project| {
        for (column, to, release) in
            [("users.a", "b", "1.1.0"), ("users.b", "c", "1.2.0"), ("users.c", "a", "1.3.0")]
        {
            let gen_rename = ["gen", "rename", column, to, "--release", release];
            let _ = project.handover(&gen_rename).expect_status(0);
        }
        project.sql("CREATE TABLE users (id integer PRIMARY KEY, a text)");
        let baseline = |release| project.handover(&["db", "init", "--baseline", release]);
        assert!(baseline("1.2.1").expect_status(2).stderr.contains("should have a column"));
        let _ = baseline("1.3.1").expect_status(0);
        project.version("1.3.1");
        let output = project.handover(&["db", "migrate"]).expect_status(0);
        assert!(output.stdout.starts_with("nothing to do"), "{output}");
    });
}

/// An empty database and one from before handover record the same: nothing. So what has tables is
/// never taken for one on which everything has still to run.
#[test]
fn a_database_of_which_nothing_is_known_is_not_migrated() {
    allow_duplicates!(each_bare_database(|project| {
        project.sql(USERS);
        project.add_worked_example();
        project.version("9.0.0");
        let before = project.traces();
        for arguments in [&["db", "migrate"][..], &["db", "migrate", "--offline"], &["db", "plan"]]
        {
            let output = project.handover(arguments).expect_status(3);
            assert_eq!(output.stderr, UNKNOWN);
            assert!(project.traces() == before);
        }
        let _ = project.handover(&["db", "init", "--baseline", "8.17.0"]).expect_status(0);
        let _ = project.handover(&["db", "migrate"]).expect_status(0);
    }));
}

const UNKNOWN: &str = "refused: the database has tables but has not been initialised, so handover does not know which migrations it needs
hint: tell handover which release the schema is at: `handover db init --baseline RELEASE`
";

/// One that is empty is migrated from the start, and from then on it is known.
#[test]
fn an_empty_database_is_migrated_from_the_start() {
    each_bare_database(|project| {
        project.write("release_migrations/1.0.0/1_users.sql", "CREATE TABLE users (id integer)");
        let output = project.handover(&["db", "migrate"]).expect_status(0);
        assert!(output.stderr.contains("1_users") || output.stderr.contains("users"), "{output}");
        let status = project.handover(&["db", "status", "--json"]).expect_status(0).stdout;
        assert!(status.contains("\"schema_version\": \"1.0.0\""), "{status}");
    });
}

/// Somebody gives the wrong release, or lets the app make its tables after `--fresh` by migrations that
/// still have the old name.
#[test]
fn a_wrong_baseline_is_corrected_while_nothing_has_run() {
    allow_duplicates!(each_bare_database(|project| {
        project.add_worked_example();
        project.version("9.0.1");
        let _ = project.handover(&["db", "init", "--fresh"]).expect_status(0);
        project.sql(USERS);
        let users = project.dump("users");
        insta::assert_snapshot!(project.handover(&["db", "verify"]).expect_status(1), @r"
        change `rename_users_username_to_handle` is in state `contracted`, but `users` has a column `username`
          the release that `db init` was given does not fit the database: `handover db init --baseline RELEASE` corrects it, as long as nothing has run since
        change `rename_users_username_to_handle` is in state `contracted`, but `users` has no column `handle`
          the release that `db init` was given does not fit the database: `handover db init --baseline RELEASE` corrects it, as long as nothing has run since
        --- stderr ---
        error: the database differs from its records in 2 places
        hint: fix what differs, then run `handover db verify` again
        [exit 1]
        ");
        let again = ["db", "init", "--baseline", "9.0.1"];
        insta::assert_snapshot!(project.handover(&again).expect_status(2), @r"
        --- stderr ---
        error: the database is initialised already, and at release 9.0.1
        hint: see where it is: `handover db status`; as nothing has run yet, `handover db init --baseline RELEASE` corrects its release
        [exit 2]
        ");
        let right = ["db", "init", "--baseline", "8.17.0"];
        insta::assert_snapshot!(project.handover(&right).expect_status(0), @r"
        the database is at 8.17.0: 0 migrations need not run
        next: handover db plan
        [exit 0]
        ");
        let _ = project.handover(&["db", "verify"]).expect_status(0);
        assert_eq!(project.dump("users"), users);
        project.make_an_hour_older();
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert!(project.dump("users").contains("handle"));
        // Now something has run.
        insta::assert_snapshot!(project.handover(&right).expect_status(2), @r"
        --- stderr ---
        error: the database is initialised already, and at release 9.0.1
        hint: see where it is: `handover db status`
        [exit 2]
        ");
    }));
}

#[test]
fn a_database_that_was_never_initialised_is_not_said_to_match() {
    allow_duplicates!(each_bare_database(|project| {
        project.sql(USERS);
        insta::assert_snapshot!(project.handover(&["db", "verify"]).expect_status(0), @r"
        handover has not run on this database, so there is nothing to compare
        next: handover db init --baseline RELEASE
        [exit 0]
        ");
    }));
}

/// It ran for the same release as what was noted; on a fast machine within a millisecond.
#[test]
fn a_baseline_is_not_corrected_when_only_plain_sql_has_run() {
    each_bare_database(|project| {
        project.sql(USERS);
        project.version("8.17.0");
        project.write("unreleased/7_later.sql", "CREATE TABLE later (id integer)");
        let init = |release| project.handover(&["db", "init", "--baseline", release]);
        let _ = init("8.16.0").expect_status(0);
        let _ = init("8.17.0").expect_status(0);
        let _ = project.handover(&["db", "migrate", "--with-unreleased"]).expect_status(0);
        project.sql("UPDATE handover_migrations SET finished_at = started_at");
        let _ = init("8.16.0").expect_status(2);
        assert_eq!(project.query("SELECT slug FROM handover_migrations"), ["later"]);
    });
}
