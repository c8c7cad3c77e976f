//! What stands in the way of a rename, and what the user declares may stay as it is.

use crate::support::project::{Db, Project};
use crate::support::rename::USERS;

fn project(db: Db, trigger: &str) -> Project {
    let project = Project::new(db);
    project.sql("CREATE TABLE users (id integer PRIMARY KEY, username varchar(20), n integer)");
    project.sql("INSERT INTO users VALUES (1, 'ada', 0), (2, 'grace', 0)");
    project.sql(trigger);
    USERS.write(&project);
    project.version("9.0.0");
    project
}

const MARIADB: &str =
    "CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW SET NEW.n = OLD.n + 1";

fn said(project: &Project, arguments: &[&str], status: i32) -> String {
    project.handover(arguments).expect_status(status).to_string()
}

#[test]
fn a_trigger_that_would_see_the_copy_is_refused_unless_it_is_allowed() {
    let project = project(Db::Mariadb, MARIADB);
    insta::assert_snapshot!(said(&project, &["db", "plan"], 3), @r"
    app release 9.0.0
    nothing to run now

    later
      release  migration  stage     waits for
      9.0.0    rename_it  backfill  a refused migration before it
      9.0.1    rename_it  contract  the app to reach its release
    --- stderr ---
    refused: stage `expand` of change `rename_it` (release 9.0.0) cannot run: `users.username` cannot be renamed this way: the trigger `touch` on `[name].users` would run for each row that is copied
    hint: drop or change what stands in the way, then run `handover db migrate` again; or, if you have looked at it and it may stay: `handover db migrate --allow 'trigger:[name].users.touch'`; or rename the column itself, if only this app uses `users`: `handover gen rename users.username handle --in-place`
    [exit 3]
    ");
    insta::assert_snapshot!(said(&project, &["db", "plan", "--allow", "trigger:tuoch"], 3), @r"
    app release 9.0.0
    nothing to run now

    later
      release  migration  stage     waits for
      9.0.0    rename_it  backfill  a refused migration before it
      9.0.1    rename_it  contract  the app to reach its release
    --- stderr ---
    warning: --allow had no effect on `rename_it`: `trigger:tuoch` is not the name of an object that stands in the way
    refused: stage `expand` of change `rename_it` (release 9.0.0) cannot run: `users.username` cannot be renamed this way: the trigger `touch` on `[name].users` would run for each row that is copied
    hint: drop or change what stands in the way, then run `handover db migrate` again; or, if you have looked at it and it may stay: `handover db migrate --allow 'trigger:[name].users.touch'`; or rename the column itself, if only this app uses `users`: `handover gen rename users.username handle --in-place`
    [exit 3]
    ");
    insta::assert_snapshot!(said(&project, &["db", "plan", "--allow", "touch"], 0), @r"
    app release 9.0.0

    to run now
      release  migration  stage     runs
      9.0.0    rename_it  expand    pre-deploy
      9.0.0    rename_it  backfill  post-deploy  if the processes have acknowledged the one before

    later
      release  migration  stage     waits for
      9.0.1    rename_it  contract  the app to reach its release
    note: `handle` will be the last column of `users`, wherever `username` is
    note: the trigger `touch` on `[name].users` runs for each row that is copied, as you have allowed
    note: `users.username` is renamed by a copy: about [n] rows are written once more, into the log too, in about 1 s
    note: in place (`--in-place`): the table is locked for a moment, and everything on the column stays, but only this app may use it
    next: handover db migrate
    [exit 0]
    ");
    let _ = project.handover(&["db", "migrate", "--pre", "--allow", "touch"]).expect_status(0);
    // It has been recorded with the change.
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    assert_eq!(project.query("SELECT CAST(n AS char) FROM users"), ["1", "1"]);
}

#[test]
fn what_the_settings_allow_need_not_be_said() {
    let project = project(Db::Mariadb, MARIADB);
    project.write("handover.yml", "allow: [trigger:users.touch]\n");
    let _ = project.handover(&["db", "plan"]).expect_status(0);
    for version in ["9.0.0", "9.0.1"] {
        project.version(version);
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    }
    assert_eq!(project.query("SELECT handle FROM users ORDER BY id"), ["ada", "grace"]);
}

#[test]
fn a_trigger_that_does_not_see_the_copy_is_told() {
    for (db, trigger) in [
        (
            Db::Postgres,
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN NEW.n := NEW.n + 1; RETURN NEW; END';
             CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()",
        ),
        (
            Db::Sqlite,
            "CREATE TRIGGER touch AFTER UPDATE ON users BEGIN
                 UPDATE users SET n = n + 1 WHERE id = NEW.id; END",
        ),
    ] {
        let project = project(db, trigger);
        let plan = said(&project, &["db", "plan"], 0);
        let note = "does not run for the rows that are copied";
        assert!(plan.contains("touch") && plan.contains(note), "{plan}");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert_eq!(project.query("SELECT CAST(n AS text) FROM users"), ["0", "0"]);
        // Neither is in the way of the contract.
        project.version("9.0.1");
        assert!(!said(&project, &["db", "plan"], 0).contains(note));
    }
}
