//! The migrations of one app are not those of another.

use insta::allow_duplicates;

use super::{joined, reports, shop};
use crate::support::project::{Project, each_database};
use crate::support::rename::state;

/// What `db status` says of the app's migrations.
fn ran(project: &Project) -> Vec<String> {
    let output = project.handover(&["db", "status", "--json"]).expect_status(0);
    let status: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    let all = status["migrations"].as_array().unwrap().clone();
    let line = |own: &serde_json::Value| {
        format!("{} {}", own["id"], own["status"].as_str().unwrap_or("to run"))
    };
    all.iter().map(line).collect()
}

#[test]
fn apps_a_further_app_has_to_say_what_is_there() {
    allow_duplicates!(each_database(|given| {
        let shop = shop(given.db);
        let reports = reports(&shop);
        let before = shop.traces();
        for arguments in [&["db", "plan"][..], &["db", "migrate"], &["db", "migrate", "--pre"]] {
            let output = reports.handover(arguments).expect_status(3);
            let says = "the database has the migrations of the app without a name, and none of app `reports`";
            assert!(output.stderr.contains(says), "{output}");
            assert!(output.stderr.contains("handover db init --baseline none"), "{output}");
        }
        let status = reports.handover(&["db", "status"]).expect_status(0);
        insta::assert_snapshot!(status, @r"
        app              reports
        app release      1.2.0
        database         has no migrations of this app, but those of the app without a name
        migrations       0 to run
        next: handover db plan
        [exit 0]
        ");
        assert!(shop.traces() == before, "nothing has changed");
        let output = reports.handover(&["db", "init"]).expect_status(2);
        insta::assert_snapshot!(output, @r"
        --- stderr ---
        error: the database has tables, so the release of its schema has to be given
        hint: if none of this app's migrations has run: `handover db init --baseline none`; otherwise give the release that it is at: `handover db init --baseline RELEASE`
        [exit 2]
        ");
        let output = reports.handover(&["db", "init", "--baseline", "none"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        none of this app's migrations has run, so every one is to run on the database
        next: handover db plan
        [exit 0]
        ");
    }));
}

#[test]
fn apps_have_histories_of_their_own() {
    each_database(|given| {
        let shop = shop(given.db);
        let _ = shop.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let reports = joined(&shop);
        // The id is that of a migration of the other app.
        let id = "20260901120000";
        let sql = "CREATE TABLE sums (id integer PRIMARY KEY, total integer)";
        reports.write(&format!("release_migrations/1.2.0/{id}_sums.sql"), sql);
        reports.write(
            "release_migrations/1.2.0/20260901120005_more.sql",
            "ALTER TABLE sums ADD more integer",
        );
        let _ = reports.handover(&["db", "migrate"]).expect_status(0);
        assert_eq!(
            ran(&reports),
            [format!("{id} \"done\"").replace('"', ""), "20260901120005 done".to_owned()]
        );

        let mut expected = ran(&shop);
        assert!(expected[0].ends_with("done") && expected[1].ends_with("to run"), "{expected:?}");
        let _ = shop.handover(&["db", "migrate"]).expect_status(0);
        assert_eq!(state(&shop), "read_to");
        shop.version("9.0.1");
        let _ = shop.handover(&["db", "migrate"]).expect_status(0);
        assert_eq!(state(&shop), "contracted");
        expected = ran(&shop);
        assert!(expected.iter().all(|line| line.ends_with("done")), "{expected:?}");
        let _ = reports.handover(&["db", "verify"]).expect_status(0);
        let _ = shop.handover(&["db", "verify"]).expect_status(0);

        // The latest migration of one app is not the latest of the other.
        let refused = reports.handover(&["db", "rollback"]).expect_status(2);
        assert!(refused.stderr.contains("20260901120005_more"), "{refused}");
        let _ = shop.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
        assert_eq!(state(&shop), "pending");
        assert_eq!(ran(&reports).len(), 2);
        assert!(ran(&reports).iter().all(|line| line.ends_with("done")));
        assert_eq!(shop.query("SELECT username FROM users ORDER BY id"), ["ada", "grace"]);

        // The releases of one app are not those of the other.
        for (project, at, release) in [
            (&shop, "schema release   none", "9.0.0"),
            (&reports, "schema release   1.2.0", "1.2.0"),
        ] {
            project.version(release);
            let status = project.handover(&["db", "status"]).expect_status(0);
            assert!(status.stdout.contains(at), "{status}");
        }
    });
}

#[test]
fn apps_do_not_share_a_change() {
    each_database(|given| {
        let shop = shop(given.db);
        let _ = shop.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let reports = joined(&shop);
        // The same rename in both: it would be run twice.
        reports.copy_worked_example();
        reports.version("9.0.0");
        let output = reports.handover(&["db", "plan"]).expect_status(2);
        assert!(
            output.stderr.contains("which the database records for the app without a name"),
            "{output}"
        );
        assert!(output.stderr.contains("only one of them renames it"), "{output}");
        let output = reports.handover(&["db", "migrate"]).expect_status(2);
        assert!(output.stderr.contains("records for the app without a name"), "{output}");
    });
}

/// A further app may rename what the first one has renamed; then the way back has an order.
#[test]
fn apps_rename_one_column_after_the_other() {
    each_database(|given| {
        let shop = shop(given.db);
        let _ = shop.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let reports = joined(&shop);
        let generate = [
            "gen",
            "rename",
            "users.handle",
            "nick",
            "--release",
            "1.2.0",
            "--contract-release",
            "1.3.0",
        ];
        let _ = reports.handover(&generate).expect_status(0);
        let output = reports.handover(&["db", "migrate", "--pre"]).expect_status(2);
        assert!(output.stderr.contains("is still in state `dual_write`"), "{output}");
        shop.version("9.0.1");
        let _ = shop.handover(&["db", "migrate", "--offline"]).expect_status(0);
        for release in ["1.2.0", "1.3.0"] {
            reports.version(release);
            let _ = reports.handover(&["db", "migrate", "--offline"]).expect_status(0);
        }
        assert_eq!(shop.query("SELECT nick FROM users ORDER BY id"), ["ada", "grace"]);

        let output = shop.handover(&["db", "rollback"]).expect_status(2);
        assert!(
            output.stderr.contains("of app `reports`, in state `contracted`, uses the same column"),
            "{output}"
        );
        let _ = reports.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
        let _ = shop.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
        assert_eq!(shop.query("SELECT username FROM users ORDER BY id"), ["ada", "grace"]);
    });
}
