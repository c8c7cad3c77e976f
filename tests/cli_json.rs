//! What other programs read: `--json`.

use insta::allow_duplicates;

use crate::support::project::each_database;
use crate::support::traces::USERS;

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
              "kind": "contract",
              "name": "rename_users_username_to_handle",
              "reason": "release",
              "release": "9.0.1",
              "stage": "contract"
            }
          ],
          "notes": [],
          "overruns": [],
          "refused": [],
          "run": [
            {
              "after": null,
              "deploy": "post",
              "id": 20261121093001,
              "kind": "backfill",
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
          "app": null,
          "changes": [
            {
              "app": null,
              "backfill": null,
              "epoch": 1,
              "from": "username",
              "kind": "rename",
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
              "kind": "expand",
              "name": "rename_users_username_to_handle",
              "path": "release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml",
              "release": "9.0.0",
              "stage": "expand",
              "started_at": "[time]",
              "status": "done"
            }
          ],
          "schema_version": null,
          "version": "9.0.0"
        }
        "#);
        project.version("8.0.0");
        let refused = project.handover(&["db", "plan", "--json"]).expect_status(3);
        insta::assert_snapshot!(refused, @r#"
        {
          "later": [],
          "notes": [],
          "overruns": [],
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
