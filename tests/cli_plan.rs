//! `plan`, `status` and `check`, which only look.

use insta::allow_duplicates;
use std::fmt::Write as _;

use crate::support::project::{Db, Project, each_database};
use crate::support::traces::USERS;

/// What the plan says of the names that a contract changes.
const fn names(db: Db) -> &'static str {
    match db {
        Db::Mariadb => {
            "note: at the contract of `rename_users_username_to_handle`, `username` becomes `handle`; \
             a later migration has to use the new name\n"
        }
        _ => {
            "note: at the contract of `rename_users_username_to_handle`, `users_username_key` becomes \
             `users_handle_key`; a later migration has to use the new name\n"
        }
    }
}

#[test]
fn plan_and_status_tell_each_state_apart() {
    allow_duplicates!(each_database(|project| {
        project.sql(USERS);
        project.add_worked_example();
        let mut text = String::new();
        let mut look = |version: &str| {
            project.version(version);
            let before = project.traces();
            for command in ["plan", "status"] {
                let output = project.handover(&["db", command]).expect_status(0);
                // The column itself stays on SQLite, in its place.
                let note =
                    "note: `handle` will be the last column of `users`, wherever `username` is\n";
                let shown = output.to_string();
                let begins =
                    shown.contains("  expand  ") && command == "plan" && version == "9.0.0";
                let moves = begins && project.db != Db::Sqlite;
                assert_eq!(shown.contains(note), moves, "{shown}");
                // So do the names of its indexes.
                let names = names(project.db);
                assert_eq!(shown.contains(names), moves, "{shown}");
                let shown = shown.replace(note, "").replace(names, "");
                writeln!(text, "## {command} at {version}\n{shown}").unwrap();
            }
            assert!(project.traces() == before);
        };
        look("8.17.0");
        look("9.0.0");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        look("9.0.0");
        look("9.0.1");
        insta::assert_snapshot!(text, @r"
        ## plan at 8.17.0
        app release 8.17.0
        nothing to run now

        later
          release  migration                        stage     waits for
          9.0.0    rename_users_username_to_handle  expand    the app to reach its release
          9.0.0    rename_users_username_to_handle  backfill  the app to reach its release
          9.0.1    rename_users_username_to_handle  contract  the app to reach its release
        [exit 0]
        ## status at 8.17.0
        app release      8.17.0
        schema release   none
        epoch            0

        migrations
          release  migration                        stage     runs         status
          9.0.0    rename_users_username_to_handle  expand    pre-deploy   to run
          9.0.0    rename_users_username_to_handle  backfill  post-deploy  to run
          9.0.1    rename_users_username_to_handle  contract  post-deploy  to run
        next: handover db plan
        [exit 0]
        ## plan at 9.0.0
        app release 9.0.0

        to run now
          release  migration                        stage     runs
          9.0.0    rename_users_username_to_handle  expand    pre-deploy
          9.0.0    rename_users_username_to_handle  backfill  post-deploy  if the processes have acknowledged the one before

        later
          release  migration                        stage     waits for
          9.0.1    rename_users_username_to_handle  contract  the app to reach its release
        note: `users.username` is renamed by a copy: about [n] rows are written once more, into the log too, in about 1 s
        note: in place (`--in-place`): the table is locked for a moment, and everything on the column stays, but only this app may use it
        next: handover db migrate
        [exit 0]
        ## status at 9.0.0
        app release      9.0.0
        schema release   none
        epoch            0

        migrations
          release  migration                        stage     runs         status
          9.0.0    rename_users_username_to_handle  expand    pre-deploy   to run
          9.0.0    rename_users_username_to_handle  backfill  post-deploy  to run
          9.0.1    rename_users_username_to_handle  contract  post-deploy  to run
        next: handover db plan
        [exit 0]
        ## plan at 9.0.0
        app release 9.0.0
        nothing to run now

        later
          release  migration                        stage     waits for
          9.0.1    rename_users_username_to_handle  contract  the app to reach its release
        [exit 0]
        ## status at 9.0.0
        app release      9.0.0
        schema release   9.0.0
        epoch            2

        changes
          change                           column                    state    epoch  copied
          rename_users_username_to_handle  users.username -> handle  read_to  2

        migrations
          release  migration                        stage     runs         status
          9.0.0    rename_users_username_to_handle  expand    pre-deploy   done
          9.0.0    rename_users_username_to_handle  backfill  post-deploy  done
          9.0.1    rename_users_username_to_handle  contract  post-deploy  to run
        next: handover db plan
        [exit 0]
        ## plan at 9.0.1
        app release 9.0.1

        to run now
          release  migration                        stage     runs
          9.0.1    rename_users_username_to_handle  contract  post-deploy
        next: handover db migrate
        [exit 0]
        ## status at 9.0.1
        app release      9.0.1
        schema release   9.0.0
        epoch            2

        changes
          change                           column                    state    epoch  copied
          rename_users_username_to_handle  users.username -> handle  read_to  2

        migrations
          release  migration                        stage     runs         status
          9.0.0    rename_users_username_to_handle  expand    pre-deploy   done
          9.0.0    rename_users_username_to_handle  backfill  post-deploy  done
          9.0.1    rename_users_username_to_handle  contract  post-deploy  to run
        next: handover db plan
        [exit 0]
        ");
        let _ = project.handover(&["db", "migrate"]).expect_status(0);
        let status = project.handover(&["db", "status"]).expect_status(0);
        assert!(status.stdout.contains("username -> handle  contracted"), "{status}");
    }));
}

#[test]
fn looking_makes_nothing_not_even_a_file() {
    each_database(|project| {
        project.add_worked_example();
        project.version("9.0.0");
        let before = project.traces();
        // There is no table yet, so a plan refuses the rename.
        for (arguments, status) in [
            (&["db", "status"][..], 0),
            (&["db", "status", "--json"], 0),
            (&["db", "plan"], 3),
            (&["db", "plan", "--json", "--pre"], 3),
            (&["check"], 0),
        ] {
            let output = project.handover(arguments).expect_status(status);
            assert!(project.traces() == before, "{output}");
        }
    });
}

#[test]
fn check_tells_every_problem() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    let output = project.handover(&["check"]).expect_status(0);
    insta::assert_snapshot!(output, @r"
    3 migration files, no problem
    [exit 0]
    ");
    project.write("release_migrations/9.0.0/7_one.expand.yml", "id: 8\n");
    project.write("release_migrations/9.0.0/8_two.expand.yml", "[");
    let output = project.handover(&["check"]).expect_status(2);
    insta::assert_snapshot!(output, @r"
    --- stderr ---
    problem: release_migrations/9.0.0/7_one.expand.yml:1:5: `id` is `8`, but the name of the file says `7`
    hint: correct the file, then run `handover check`
    problem: release_migrations/9.0.0/8_two.expand.yml:1:1: unclosed bracket '['
    hint: correct the file, then run `handover check`
    problem: change `one` has no stage `contract`, though it has `release_migrations/9.0.0/7_one.expand.yml`
    hint: restore the file of stage `contract`, then run `handover check`
    problem: change `two` has no stage `contract`, though it has `release_migrations/9.0.0/8_two.expand.yml`
    hint: restore the file of stage `contract`, then run `handover check`
    error: 4 problems in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ");
}
