//! A change of a table that several apps use waits for the processes of all of them.

use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};
use serde_json::Value;

use super::{change_of, joined, reports_process, runtime, shop, shop_process, until_acknowledged};
use crate::support::project::{Project, each_database};
use crate::support::rename::state;

const QUICKLY: [&str; 5] = ["db", "migrate", "--acknowledgement-patience", "1s", "--wait=0s"];

fn processes(project: &Project) -> Vec<(Value, Value)> {
    let output = project.handover(&["db", "status", "--json"]).expect_status(0);
    let status: Value = serde_json::from_str(&output.stdout).unwrap();
    let all = status["instances"].as_array().unwrap().clone();
    all.iter().map(|own| (own["app"].clone(), own["release"].clone())).collect()
}

/// The processes of another app have no release that a stage could wait for; a stage waits for their open
/// transactions all the same.
#[test]
fn apps_wait_for_each_others_transactions() {
    each_database(|given| {
        let shop = shop(given.db);
        let reports = joined(&shop);
        runtime().block_on(async {
            let own = shop_process(&shop, "9.0.0").await;
            let other = reports_process(&reports, &[]).await;
            let expected = [(Value::Null, "9.0.0".into()), ("reports".into(), "1.2.0".into())];
            assert_eq!(processes(&shop), expected);
            // A transaction that began in `pending` keeps that state, which the backfill must not meet.
            let open = other.begin().await.unwrap();
            open.execute_unprepared("SELECT 1").await.unwrap();
            let _ = shop.handover(&["db", "migrate", "--pre"]).expect_status(0);
            let refused = shop.handover(&QUICKLY).expect_status(3);
            assert!(refused.stderr.contains("of reports at 1.2.0"), "{refused}");
            assert!(!refused.stderr.contains("roll out"), "{refused}");
            assert_eq!(state(&shop), "dual_write");
            open.commit().await.unwrap();
            let _ = shop.handover(&["db", "migrate", "--wait", "1m"]).expect_status(0);
            assert_eq!(state(&shop), "read_to");

            // The app's own processes are waited for by their release.
            shop.version("9.0.1");
            let refused = shop.handover(&QUICKLY).expect_status(3);
            assert!(refused.stderr.contains("at 9.0.0"), "{refused}");
            assert!(!refused.stderr.contains("of reports"), "{refused}");
            own.shutdown().await.unwrap();
            let newer = shop_process(&shop, "9.0.1").await;
            let _ = shop.handover(&["db", "migrate", "--wait", "1m"]).expect_status(0);
            assert_eq!(state(&shop), "contracted");

            // The other app's code still says the former name.
            let update = "UPDATE users SET username = 'eve' WHERE id = 2";
            other.execute_unprepared(update).await.unwrap();
            newer.shutdown().await.unwrap();
            other.shutdown().await.unwrap();
        });
        assert_eq!(shop.query("SELECT handle FROM users ORDER BY id"), ["ada", "eve"]);
    });
}

/// `SELECT *` shows the former name to code of another app, until that code says that it has followed.
#[test]
fn apps_say_which_changes_they_have_followed() {
    each_database(|given| {
        let shop = shop(given.db);
        let reports = joined(&shop);
        let runtime = runtime();
        let change = change_of(&shop);
        let (before, after) = runtime.block_on(async {
            (reports_process(&reports, &[]).await, reports_process(&reports, &[&change]).await)
        });
        for (release, phase) in [("9.0.0", "--pre"), ("9.0.0", "--post"), ("9.0.1", "--post")] {
            shop.version(release);
            let _ = shop.handover(&["db", "migrate", phase, "--wait", "1m"]).expect_status(0);
            let now = state(&shop);
            until_acknowledged(&shop);
            for (shim, name, other) in
                [(&before, "username", "handle"), (&after, "handle", "username")]
            {
                runtime.block_on(async {
                    let sql = "SELECT * FROM users WHERE id = 1";
                    let row = Statement::from_string(shim.get_database_backend(), sql);
                    let row = shim.query_one_raw(row).await;
                    let row = row.unwrap_or_else(|error| panic!("{now} {name}: {error}")).unwrap();
                    assert_eq!(
                        row.try_get::<String>("", name).ok().as_deref(),
                        Some("ada"),
                        "{now} {name}"
                    );
                    assert!(
                        now == "contracted" || row.try_get::<String>("", other).is_err(),
                        "{now}"
                    );
                    for column in [name, other] {
                        let sql =
                            format!("UPDATE users SET {column} = 'ada' WHERE {column} = 'ada'");
                        shim.execute_unprepared(&sql).await.unwrap();
                    }
                });
            }
        }
        assert_eq!(state(&shop), "contracted");
        runtime.block_on(async {
            before.shutdown().await.unwrap();
            after.shutdown().await.unwrap();
        });
    });
}

/// A process with another name than `handover.yml` has is in nobody's fleet: no stage would wait for its release.
#[test]
fn apps_are_told_of_processes_with_another_name() {
    each_database(|given| {
        let shop = shop(given.db);
        let reports = joined(&shop);
        let note = "no process of app `reports` is registered";
        let plan = || reports.handover(&["db", "plan"]).expect_status(0);
        runtime().block_on(async {
            // That of the other app is known.
            let own = shop_process(&shop, "9.0.0").await;
            assert!(!plan().stdout.contains(note), "{}", plan());
            let wrong =
                handover::Shim::builder(reports.connect().await, handover::Releases::default());
            let wrong = wrong.app("report").app_version("1.2.0").start().await.unwrap();
            let said = plan();
            assert!(said.stdout.contains(note), "{said}");
            assert!(
                said.stdout.contains("of report at 1.2.0") && !said.stdout.contains("at 9.0.0"),
                "{said}"
            );
            let right = reports_process(&reports, &[]).await;
            assert!(!plan().stdout.contains(note), "{}", plan());
            for shim in [own, wrong, right] {
                shim.shutdown().await.unwrap();
            }
        });
    });
}
