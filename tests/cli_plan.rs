//! What runs at which release of the app; `plan` and `status`, which only look.

use insta::allow_duplicates;

use crate::support::project::{Db, Project, each_database};
use crate::support::traces::USERS;

/// The stages and SQL migrations that are done, in the order in which they ran.
fn done(project: &Project) -> Vec<String> {
    project.query(
        "SELECT coalesce(stage, slug) FROM handover_migrations WHERE status = 'done' ORDER BY run_order",
    )
}

#[test]
fn the_version_decides_what_runs() {
    for (version, expect) in [
        ("8.17.0", &[][..]),
        ("8.99.99", &[]),
        ("9.0.0-rc.1", &["expand", "backfill"]),
        ("9.0.0", &["expand", "backfill"]),
        ("9.0.1", &["expand", "backfill", "contract"]),
        ("9.0.1-alpha", &["expand", "backfill", "contract"]),
        ("9.1.0", &["expand", "backfill", "contract"]),
        ("10.0.0", &["expand", "backfill", "contract"]),
    ] {
        for db in [Db::Sqlite, Db::Postgres] {
            let project = Project::worked_example(db, version);
            let before = project.traces();
            let output = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
            if expect.is_empty() {
                assert!(project.traces() == before, "{version} on {db:?}: {output}");
            } else {
                assert_eq!(done(&project), expect, "{version} on {db:?}: {output}");
            }
        }
    }
}

#[test]
fn releases_are_compared_as_versions() {
    each_database(|project| {
        for (id, release) in [(1, "10.0.0"), (2, "9.10.0"), (3, "9.9.0")] {
            let name = release.replace('.', "_");
            project.write(&format!("release_migrations/{release}/{id}_r{name}.sql"), "SELECT 1");
        }
        project.version("9.9.0");
        let _ = project.handover(&["db", "migrate"]).expect_status(0);
        assert_eq!(done(project), ["r9_9_0"]);
        project.version("10.0.0");
        let _ = project.handover(&["db", "migrate"]).expect_status(0);
        assert_eq!(done(project), ["r9_9_0", "r9_10_0", "r10_0_0"]);
    });
}

#[test]
fn release_by_release_nothing_has_to_be_declared() {
    allow_duplicates!(each_database(|project| {
        project.sql(USERS);
        project.add_worked_example();
        let mut text = String::new();
        for (version, phase) in [
            ("8.17.0", "--pre"),
            ("9.0.0", "--pre"),
            ("9.0.0", "--pre"),
            ("9.0.0", "--post"),
            ("9.0.0", "--post"),
            ("9.0.1", "--pre"),
            ("9.0.1", "--post"),
            ("9.0.1", "--post"),
        ] {
            project.version(version);
            let output = project.handover(&["db", "migrate", phase]).expect_status(0);
            text += &format!("## {version} {phase}\n{output}\n");
        }
        insta::assert_snapshot!(text, @r"
        ## 8.17.0 --pre
        nothing to do: the database has what 8.17.0 needs
        next: handover db migrate, when the app is at 9.0.0
        [exit 0]
        ## 9.0.0 --pre
        `users.handle` is there, and every process writes both columns.
          You may now roll out 9.0.0, whose code says `handle`.
        next: roll the release out, then handover db migrate --post --wait 10m
        --- stderr ---
        expand of rename_users_username_to_handle (9.0.0)
        done: expand of rename_users_username_to_handle in [duration]
        [exit 0]
        ## 9.0.0 --pre
        nothing to do: the database has what 9.0.0 needs at this point of the deployment
        next: roll the release out, then handover db migrate --post --wait 10m
        [exit 0]
        ## 9.0.0 --post
        `users.handle` has every value of `username`, and reads use it.
          You may now use `handle` in reports and other services, for reading. Until the contract, whoever writes `users` past the shim must set both columns.
        next: handover db migrate, when the app is at 9.0.1
        --- stderr ---
        backfill of rename_users_username_to_handle (9.0.0)
        done: backfill of rename_users_username_to_handle in [duration]
        [exit 0]
        ## 9.0.0 --post
        nothing to do: the database has what 9.0.0 needs
        next: handover db migrate, when the app is at 9.0.1
        [exit 0]
        ## 9.0.1 --pre
        nothing to do: the database has what 9.0.1 needs at this point of the deployment
        next: roll the release out, then handover db migrate --post --wait 10m
        [exit 0]
        ## 9.0.1 --post
        `users.username` is gone.
          You may now say `handle` wherever `username` is left in raw SQL; the shim still maps it.
        next: handover db status
        --- stderr ---
        contract of rename_users_username_to_handle (9.0.1)
        done: contract of rename_users_username_to_handle in [duration]
        [exit 0]
        ## 9.0.1 --post
        nothing to do: the database has what 9.0.1 needs
        next: handover db status
        [exit 0]
        ");
        let users = project.dump("users");
        assert!(users.contains("handle text not null") && !users.contains("username"), "{users}");
    }));
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
                text += &format!("## {command} at {version}\n{output}\n");
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
        database         not migrated by handover yet
        migrations       3 to run
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
        next: handover db migrate
        [exit 0]
        ## status at 9.0.0
        app release      9.0.0
        database         not migrated by handover yet
        migrations       3 to run
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
fn json_is_for_programs() {
    allow_duplicates!(each_database(|project| {
        project.sql(USERS);
        project.add_worked_example();
        project.version("9.0.0");
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let plan = project.handover(&["db", "plan", "--json"]).expect_status(0);
        insta::assert_snapshot!(plan, @r#"
        {
          "later": [
            {
              "id": 20261121093002,
              "name": "rename_users_username_to_handle",
              "reason": "release",
              "release": "9.0.1",
              "stage": "contract"
            }
          ],
          "refused": [],
          "run": [
            {
              "after": null,
              "deploy": "post",
              "id": 20261121093001,
              "name": "rename_users_username_to_handle",
              "release": "9.0.0",
              "resumed": false,
              "stage": "backfill"
            }
          ],
          "version": "9.0.0"
        }
        [exit 0]
        "#);
        let status = project.handover(&["db", "status", "--json"]).expect_status(0);
        let mut json: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
        assert_eq!(json["migrations"].as_array().map(Vec::len), Some(3));
        json["migrations"].as_array_mut().unwrap().truncate(1);
        for time in ["started_at", "finished_at"] {
            assert!(json["migrations"][0][time].as_i64() > Some(1_700_000_000_000));
            json["migrations"][0][time] = "[time]".into();
        }
        insta::assert_snapshot!(format!("{json:#}"), @r#"
        {
          "changes": [
            {
              "backfill": null,
              "epoch": 1,
              "from": "username",
              "name": "rename_users_username_to_handle",
              "state": "dual_write",
              "table": "users",
              "to": "handle"
            }
          ],
          "epoch": 1,
          "initialised": true,
          "instances": [],
          "migrations": [
            {
              "app_version": "9.0.0",
              "deploy": "pre",
              "finished_at": "[time]",
              "id": 20261121093000,
              "name": "rename_users_username_to_handle",
              "path": "release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml",
              "release": "9.0.0",
              "stage": "expand",
              "started_at": "[time]",
              "status": "done"
            }
          ],
          "schema_version": "9.0.0",
          "version": "9.0.0"
        }
        "#);
        project.version("8.0.0");
        let refused = project.handover(&["db", "plan", "--json"]).expect_status(3);
        insta::assert_snapshot!(refused, @r#"
        {
          "later": [],
          "refused": [
            {
              "hint": "deploy 9.0.0 or later, or go back first: `handover db rollback --step 1`",
              "passes_by_waiting": false,
              "reason": "the database has migrations of release 9.0.0, but the app is at 8.0.0"
            }
          ],
          "run": [],
          "version": "8.0.0"
        }
        [exit 3]
        "#);
    }));
}

#[test]
fn looking_makes_nothing_not_even_a_file() {
    each_database(|project| {
        project.add_worked_example();
        project.version("9.0.0");
        let before = project.traces();
        for arguments in [
            &["db", "status"][..],
            &["db", "status", "--json"],
            &["db", "plan"],
            &["db", "plan", "--json", "--pre"],
            &["check"],
        ] {
            let output = project.handover(arguments).expect_status(0);
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
    problem: release_migrations/9.0.0/7_one.expand.yml:1:1: missing field `change`
    hint: correct the file, then run `handover check`
    problem: release_migrations/9.0.0/8_two.expand.yml:1:1: unclosed bracket '['
    hint: correct the file, then run `handover check`
    problem: change `one` has no stage `backfill`, though it has `release_migrations/9.0.0/7_one.expand.yml`
    hint: restore the file of stage `backfill`, then run `handover check`
    problem: change `one` has no stage `contract`, though it has `release_migrations/9.0.0/7_one.expand.yml`
    hint: restore the file of stage `contract`, then run `handover check`
    problem: change `two` has no stage `backfill`, though it has `release_migrations/9.0.0/8_two.expand.yml`
    hint: restore the file of stage `backfill`, then run `handover check`
    problem: change `two` has no stage `contract`, though it has `release_migrations/9.0.0/8_two.expand.yml`
    hint: restore the file of stage `contract`, then run `handover check`
    error: 6 problems in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ");
}
