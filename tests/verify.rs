//! `db verify`: what the database records against what is there.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use insta::allow_duplicates;

use crate::support::project::{Db, Project, each_database};

const SOUND: &str = "the database matches its records: ";

fn migrate(project: &Project, release: &str, phase: &[&str]) {
    project.version(release);
    let _ = project.handover(&[&["db", "migrate", "--offline"], phase].concat()).expect_status(0);
}

#[test]
fn nothing_is_found_anywhere_on_the_way_forth_and_back() {
    each_database(|project| {
        let project = Project::worked_example(project.db, "9.0.0");
        let sound = |at: &str| {
            let before = project.traces();
            let output = project.handover(&["db", "verify"]);
            assert!(output.stdout.starts_with(SOUND), "{at}: {output}");
            assert_eq!(output.status, Some(0));
            assert!(project.traces() == before, "{at}");
        };
        sound("at first");
        for (release, phase) in [("9.0.0", &["--pre"][..]), ("9.0.0", &[]), ("9.0.1", &[])] {
            migrate(&project, release, phase);
            sound(release);
        }
        for back in ["read_to", "dual_write", "pending"] {
            let _ = project.handover(&["db", "rollback"]).expect_status(0);
            sound(back);
            migrate(&project, if back == "read_to" { "9.0.1" } else { "9.0.0" }, &[]);
            sound("forth again");
            let steps = if back == "read_to" { "1" } else { "2" };
            let _ = project.handover(&["db", "rollback", "--step", steps]).expect_status(0);
            migrate(&project, "9.0.0", if back == "dual_write" { &["--pre"] } else { &[] });
        }
        sound("at last");
    });
}

/// A statement that takes the guard's trigger for this event away.
fn drop_guard(project: &Project, event: &str) -> String {
    let names = match project.db {
        Db::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY 1",
        Db::Postgres => "SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
        Db::Mariadb => {
            "SELECT trigger_name FROM information_schema.triggers
             WHERE trigger_schema = database() ORDER BY 1"
        }
    };
    let names = project.query(names);
    let name = names.iter().find(|name| name.ends_with(&format!("_from_{event}"))).unwrap();
    let on = if project.db == Db::Postgres { " ON users" } else { "" };
    format!("DROP TRIGGER {name}{on}")
}

#[test]
fn what_somebody_changed_by_hand_is_found() {
    let on = |db: Db| {
        let mut text = String::new();
        let mut case = |name: &str, spoil: &dyn Fn(&Project)| {
            let project = Project::worked_example(db, "9.0.0");
            migrate(&project, "9.0.0", &[]);
            spoil(&project);
            let before = project.traces();
            let output = project.handover(&["db", "verify"]).expect_status(1);
            writeln!(text, "## {name}\n{output}").unwrap();
            assert!(project.traces() == before, "{name}");
        };
        let file =
            "release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml";
        case("guard", &|project| project.sql(&drop_guard(project, "update")));
        case("index", &|project| {
            let index = project.query(match project.db {
                Db::Sqlite => {
                    "SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE '%handle%'
                     AND name NOT LIKE '%handover%'"
                }
                Db::Postgres => {
                    "SELECT indexname::text FROM pg_indexes WHERE indexname LIKE '%handle%'"
                }
                Db::Mariadb => {
                    "SELECT DISTINCT index_name FROM information_schema.statistics
                     WHERE table_schema = database() AND index_name LIKE '%handle%'"
                }
            });
            let [index] = &index[..] else { panic!("{index:?}") };
            project.sql(&match project.db {
                Db::Sqlite => format!("DROP INDEX {index}"),
                Db::Postgres => format!("ALTER TABLE users DROP CONSTRAINT {index}"),
                Db::Mariadb => format!("DROP INDEX {index} ON users"),
            });
        });
        case("file edited", &|project| {
            let text = fs::read_to_string(project.root().join(file)).unwrap();
            project.write(file, &(text + "# a comment\n"));
        });
        case("files gone", &|project| {
            fs::remove_dir_all(project.root().join("release_migrations")).unwrap();
        });
        case("cut short", &|project| {
            project
                .sql("UPDATE handover_migrations SET status = 'running' WHERE stage = 'backfill'");
        });
        case("rollback cut short", &|project| {
            project
                .sql("UPDATE handover_migrations SET status = 'undoing' WHERE stage = 'backfill'");
        });
        case("another state", &|project| {
            project.sql("UPDATE handover_changes SET state = 'contracted'");
        });
        case("no table", &|project| project.sql("DROP TABLE users"));
        text
    };
    let text = on(Db::Sqlite).replace("sqlite_autoindex_users_1", "[index]");
    assert_eq!(on(Db::Postgres).replace("users_username_key", "[index]"), text);
    assert_eq!(on(Db::Mariadb).replace("the index `username`", "the index `[index]`"), text);
    insta::assert_snapshot!(text, @r"
    ## guard
    change `rename_users_username_to_handle` is in state `read_to`, but the guard of `users.username` is off
      somebody changed it by hand: undo the stage and run it again, with `handover db rollback`, then `handover db migrate`
    --- stderr ---
    error: the database differs from its records in 1 place
    hint: fix what differs, then run `handover db verify` again
    [exit 1]
    ## index
    change `rename_users_username_to_handle` is in state `read_to`, but `users.handle` lacks what `username` has: the index `[index]`
      somebody changed it by hand: undo the stage and run it again, with `handover db rollback`, then `handover db migrate`
    --- stderr ---
    error: the database differs from its records in 1 place
    hint: fix what differs, then run `handover db verify` again
    [exit 1]
    ## file edited
    `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml` has changed since it ran (recorded checksum `7c2ffb9d2d558a6589aea4acf788b376965ebaa5236c59822176920a1466668c`, found `50a2d5c19685599f5c8959ed800328455c6f56c49967a04753d435de288104d0`)
      restore it: `git checkout -- release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml`
    --- stderr ---
    error: the database differs from its records in 1 place
    hint: fix what differs, then run `handover db verify` again
    [exit 1]
    ## files gone
    migration `20261121093000_rename_users_username_to_handle` of release 9.0.0 ran, but its file is gone
      restore the file from version control
    migration `20261121093001_rename_users_username_to_handle` of release 9.0.0 ran, but its file is gone
      restore the file from version control
    --- stderr ---
    error: the database differs from its records in 2 places
    hint: fix what differs, then run `handover db verify` again
    [exit 1]
    ## cut short
    migration `rename_users_username_to_handle`, backfill, has begun and is not finished
      handover db migrate
    --- stderr ---
    error: the database differs from its records in 1 place
    hint: fix what differs, then run `handover db verify` again
    [exit 1]
    ## rollback cut short
    the rollback of migration `rename_users_username_to_handle`, backfill, has begun and is not finished
      handover db rollback
    --- stderr ---
    error: the database differs from its records in 1 place
    hint: fix what differs, then run `handover db verify` again
    [exit 1]
    ## another state
    change `rename_users_username_to_handle` is in state `contracted`, but `users` has a column `username`
      drop it by hand, if nothing uses it
    change `rename_users_username_to_handle` is in state `contracted`, but the guard of `users.username` is on
      drop it by hand, if nothing uses it
    --- stderr ---
    error: the database differs from its records in 2 places
    hint: fix what differs, then run `handover db verify` again
    [exit 1]
    ## no table
    change `rename_users_username_to_handle` is in state `read_to`, but there is no table `users`
      restore it from a backup, or correct what handover_changes records
    --- stderr ---
    error: the database differs from its records in 1 place
    hint: fix what differs, then run `handover db verify` again
    [exit 1]
    ");
}

#[test]
fn not_null_that_got_lost_on_the_copy_is_found() {
    for db in [Db::Postgres, Db::Mariadb] {
        let project = Project::worked_example(db, "9.0.0");
        migrate(&project, "9.0.0", &[]);
        project.sql(match db {
            Db::Mariadb => "ALTER TABLE users MODIFY handle varchar(100) COLLATE utf8mb4_bin NULL",
            _ => "ALTER TABLE users ALTER handle DROP NOT NULL",
        });
        let output = project.handover(&["db", "verify", "--json"]).expect_status(1);
        allow_duplicates!(insta::assert_snapshot!(output, @r#"
    {
      "problems": [
        {
          "hint": "somebody changed it by hand: undo the stage and run it again, with `handover db rollback`, then `handover db migrate`",
          "problem": "change `rename_users_username_to_handle` is in state `read_to`, but `users.handle` lacks what `username` has: NOT NULL"
        }
      ]
    }
    --- stderr ---
    error: the database differs from its records in 1 place
    hint: fix what differs, then run `handover db verify` again
    [exit 1]
    "#));
    }
}

/// Tables with rows, from which the worked example begins.
fn with_rows(db: Db) -> Project {
    let project = Project::bare(db);
    project.add_worked_example();
    project.write(
        "release_migrations/9.0.0/20261121093005_posts.sql",
        "CREATE TABLE posts (id integer)",
    );
    project.version("9.0.1");
    let text = if db == Db::Mariadb { "varchar(50)" } else { "text" };
    project.write(
        "base.sql",
        &format!(
            "CREATE TABLE users (id integer PRIMARY KEY, username {text} NOT NULL UNIQUE);
             INSERT INTO users VALUES (1, 'ada'), (2, 'grace')"
        ),
    );
    project.write("handover.yml", "rehearse: { prepare: base.sql }\n");
    project
}

#[test]
fn every_stage_may_run_twice() {
    allow_duplicates!(each_database(|project| {
        let project = with_rows(project.db);
        let before = project.traces();
        let output = project.handover(&["db", "verify", "--idempotent"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
    expand of rename_users_username_to_handle (9.0.0): the same when it runs again
    posts (9.0.0): one transaction with its note, never runs twice
    backfill of rename_users_username_to_handle (9.0.0): the same when it runs again
    contract of rename_users_username_to_handle (9.0.1): the same when it runs again
    [exit 0]
    ");
        assert!(project.traces() == before);
    }));
}

/// A `pg_dump` that says something else each time stands for a stage that does.
#[test]
fn a_stage_that_does_something_else_the_second_time() {
    let project = with_rows(Db::Postgres);
    project.write(
        "bin/pg_dump",
        "#!/bin/sh\n[ \"$1\" = --version ] && { echo 99; exit; }\n\
         echo x >>calls; echo \"CREATE TABLE same ();\"; wc -l <calls\n",
    );
    let own = project.root().join("bin/pg_dump");
    fs::set_permissions(&own, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = project.command(&["db", "verify", "--idempotent"]);
    let path = format!("{}:/usr/bin:/bin", own.parent().unwrap().display());
    let output = command.env("PATH", path).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    insta::assert_snapshot!(said, @r"
    expand of rename_users_username_to_handle (9.0.0): differs
      once:  1
      again: 4
    posts (9.0.0): one transaction with its note, never runs twice
    backfill of rename_users_username_to_handle (9.0.0): differs
      once:  2
      again: 6
    contract of rename_users_username_to_handle (9.0.1): differs
      once:  3
      again: 8
    error: running again changes the result of 3 stages
    hint: please report it: every stage has to be safe to run again
    ");
}
