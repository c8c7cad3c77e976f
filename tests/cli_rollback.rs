//! `db rollback`, and migrations of plain SQL.

use insta::allow_duplicates;

use crate::support::project::{Db, Project, each_database};
use crate::support::traces::USERS;

fn done(project: &Project) -> Vec<String> {
    project.query("SELECT slug FROM handover_migrations ORDER BY run_order")
}

#[test]
fn every_stage_has_a_way_back() {
    allow_duplicates!(each_database(|project| {
        project.sql(USERS);
        project.add_worked_example();
        project.version("9.0.1");
        let users = project.dump("users");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        let contracted = project.dump("users");
        let output = project.handover(&["db", "rollback"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        next: handover db status
        --- stderr ---
        undoing contract of rename_users_username_to_handle (9.0.1)
        undone: contract of rename_users_username_to_handle in [duration]
        [exit 0]
        ");
        let output = project.handover(&["db", "rollback", "--step", "2"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        next: handover db status
        --- stderr ---
        undoing backfill of rename_users_username_to_handle (9.0.0)
        undone: backfill of rename_users_username_to_handle in [duration]
        undoing expand of rename_users_username_to_handle (9.0.0)
        undone: expand of rename_users_username_to_handle in [duration]
        [exit 0]
        ");
        assert_eq!(project.dump("users"), users);
        let before = project.traces();
        let output = project.handover(&["db", "rollback"]).expect_status(2);
        insta::assert_snapshot!(output, @r"
        --- stderr ---
        error: there is nothing to undo: no migration has run
        hint: see what ran: `handover db status`
        [exit 2]
        ");
        assert!(project.traces() == before);
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert_eq!(project.dump("users"), contracted);
    }));
}

#[test]
fn a_number_of_steps_that_is_wrong() {
    allow_duplicates!(each_database(|project| {
        project.sql(USERS);
        project.add_worked_example();
        project.version("9.0.0");
        let before = project.traces();
        let _ = project.handover(&["db", "rollback"]).expect_status(2);
        assert!(project.traces() == before);
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        let before = project.traces();
        let output = project.handover(&["db", "rollback", "--step", "3"]).expect_status(2);
        insta::assert_snapshot!(output, @r"
        --- stderr ---
        error: cannot undo that many migrations: 3 were asked for, and 2 ran
        hint: run `handover db rollback --step 2`
        [exit 2]
        ");
        let output = project.handover(&["db", "rollback", "--step", "0"]).expect_status(2);
        insta::assert_snapshot!(output, @r"
        --- stderr ---
        error: invalid value '0' for '--step <N>': 0 is not in 1..=4294967295

        For more information, try '--help'.
        [exit 2]
        ");
        for step in ["-1", "x", "99999999999999999999"] {
            let _ = project.handover(&["db", "rollback", "--step", step]).expect_status(2);
        }
        assert!(project.traces() == before);
    }));
}

#[test]
fn plain_sql_runs_before_or_after_the_roll_out() {
    allow_duplicates!(each_database(|project| {
        project.version("9.0.0");
        project.write("release_migrations/9.0.0/1_late.post.sql", "CREATE TABLE late (id integer)");
        project.write(
            "release_migrations/9.0.0/2_early.sql",
            "CREATE TABLE early (id integer); -- and\nINSERT INTO early VALUES (1), (2);",
        );
        let output = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        next: roll the release out, then handover db migrate --post --wait 10m
        --- stderr ---
        early (9.0.0)
        done: early in [duration]
        [exit 0]
        ");
        assert_eq!(done(project), ["early"]);
        assert_eq!(project.query("SELECT CAST(count(*) AS text) FROM early"), ["2"]);
        let output = project.handover(&["db", "migrate", "--post"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        next: handover db status
        --- stderr ---
        late (9.0.0)
        done: late in [duration]
        [exit 0]
        ");
        assert_eq!(done(project), ["early", "late"]);
        let before = project.traces();
        let output = project.handover(&["db", "rollback"]).expect_status(2);
        insta::assert_snapshot!(output, @r"
        --- stderr ---
        error: migration `1_late` of release 9.0.0 is plain SQL, which cannot be undone
        hint: write another migration that reverses it, then run `handover db migrate`
        [exit 2]
        ");
        assert!(project.traces() == before);
    }));
}

#[test]
fn sql_that_fails_leaves_nothing_and_may_be_corrected() {
    each_database(|project| {
        project.version("9.0.0");
        project.write("release_migrations/9.0.0/1_first.sql", "CREATE TABLE first (id integer)");
        let file = "release_migrations/9.0.0/2_second.sql";
        project.write(file, "CREATE TABLE second (id integer); INSERT INTO missing VALUES (1)");
        let output = project.handover(&["db", "migrate"]).expect_status(1);
        match project.db {
            Db::Mariadb => insta::assert_snapshot!(output, @r"
            --- stderr ---
            first (9.0.0)
            done: first in [duration]
            second (9.0.0)
            error: migration `second` of release 9.0.0 failed
            caused by: 1146 (42S02): Table '[name].missing' doesn't exist
            hint: fix the SQL or the database, then run the same command again
            [exit 1]
            "),
            Db::Sqlite => insta::assert_snapshot!(output, @r"
            --- stderr ---
            first (9.0.0)
            done: first in [duration]
            second (9.0.0)
            error: migration `second` of release 9.0.0 failed
            caused by: no such table: missing
            hint: fix the SQL or the database, then run the same command again
            [exit 1]
            "),
            Db::Postgres => insta::assert_snapshot!(output, @r#"
            --- stderr ---
            first (9.0.0)
            done: first in [duration]
            second (9.0.0)
            error: migration `second` of release 9.0.0 failed
            caused by: relation "missing" does not exist
            hint: fix the SQL or the database, then run the same command again
            [exit 1]
            "#),
        }
        if project.db == Db::Mariadb {
            // A schema change is not undone with the rest. The note that the migration has begun
            // went with it at first, and no correction of the file was let pass.
            project.sql("DROP TABLE second");
            project.write(file, "INSERT INTO missing VALUES (1)");
        }
        assert_eq!(done(project), ["first"]);
        let columns = project.traces();
        let _ = project.handover(&["db", "migrate"]).expect_status(1);
        assert!(project.traces() == columns);
        project.write(file, "CREATE TABLE second (id integer)");
        let _ = project.handover(&["db", "migrate"]).expect_status(0);
        assert_eq!(done(project), ["first", "second"]);
    });
}

/// What was rolled back whole may come again with another name: it was refused once, because the
/// database still had a record of the first.
#[test]
fn a_change_that_was_rolled_back_may_be_corrected() {
    each_database(|project| {
        project.sql(USERS);
        project.add_worked_example();
        project.version("9.0.0");
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let _ = project.handover(&["db", "rollback"]).expect_status(0);
        for folder in ["9.0.0", "9.0.1"] {
            for entry in
                std::fs::read_dir(project.root().join("release_migrations").join(folder)).unwrap()
            {
                let path = entry.unwrap().path();
                let text = std::fs::read_to_string(&path).unwrap();
                std::fs::write(&path, text.replace("to: handle", "to: nick")).unwrap();
            }
        }
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        let equal = "SELECT count(*) || '' FROM users WHERE nick = username";
        assert_eq!(project.query(equal), project.query("SELECT count(*) || '' FROM users"));
    });
}
