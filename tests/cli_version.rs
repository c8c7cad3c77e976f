//! What runs at which release of the app.

use insta::allow_duplicates;
use std::fmt::Write as _;

use crate::support::project::{Db, Project, each_database};
use crate::support::traces::USERS;

/// The stages and SQL migrations that are done, in the order in which they ran.
fn done(project: &Project) -> Vec<String> {
    project.query(
        "SELECT coalesce(stage, slug) FROM handover_migrations
         WHERE status = 'done' ORDER BY run_order",
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
        for db in Db::ALL {
            let project = Project::worked_example(db, version);
            let output = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
            assert_eq!(done(&project), expect, "{version} on {db:?}: {output}");
            // What a pre-release has run is what its release wants.
            let reached = project.query("SELECT schema_version FROM handover_metadata");
            assert_eq!(reached, [version.split('-').next().unwrap()]);
            let before = project.traces();
            let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
            assert!(project.traces() == before, "{version} on {db:?}");
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
            writeln!(text, "## {version} {phase}\n{output}").unwrap();
        }
        insta::assert_snapshot!(text, @r"
        ## 8.17.0 --pre
        nothing to do: the database has what 8.17.0 needs
        next: handover db migrate, when the app is at 9.0.0
        [exit 0]
        ## 9.0.0 --pre
        `users.handle` is there, and every process writes both columns.
          You may now roll out 9.0.0, whose code uses `handle`.
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
          You may now use `handle` wherever `username` is left in raw SQL; the shim still maps it.
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
        let handle = format!("handle {} not null", project.db.text());
        assert!(users.contains(&handle) && !users.contains("username"), "{users}");
    }));
}
