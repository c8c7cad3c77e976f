//! The other kinds of change, on a table that a further app uses.

use sea_orm::{ConnectionTrait as _, Statement};

use super::{change_of, joined, reports_process, runtime, shop_process, until_acknowledged};
use crate::support::project::{Db, Project, each_database};
use crate::support::rename::state;
use crate::support::wait::until;

fn shop(db: Db) -> Project {
    let shop = Project::new(db);
    let id = match db {
        Db::Postgres => "id serial PRIMARY KEY",
        Db::Sqlite => "id integer PRIMARY KEY AUTOINCREMENT",
        Db::Mariadb => "id integer AUTO_INCREMENT PRIMARY KEY",
    };
    shop.sql(&format!(
        "CREATE TABLE items ({id}, count integer NOT NULL, note varchar(20) NOT NULL);
         INSERT INTO items (count, note) VALUES (7, 'a')"
    ));
    shop.version("9.0.0");
    shop
}

/// Code of another app keeps the former type until it says otherwise. The contract waits for that: afterwards code
/// of the new type may write what the former one cannot hold.
#[test]
fn apps_keep_their_type_of_a_column() {
    each_database(|given| {
        let shop = shop(given.db);
        let reports = joined(&shop);
        let new = if given.db == Db::Mariadb { "varchar(20)" } else { "text" };
        let (there, back) = match given.db {
            Db::Mariadb => ("cast(count as char)", "cast(count as signed)"),
            _ => ("cast(count as text)", "cast(count as integer)"),
        };
        let generate = [
            "gen",
            "retype",
            "items.count",
            new,
            "--release",
            "9.0.0",
            "--using",
            there,
            "--back",
            back,
        ];
        let _ = shop.handover(&generate).expect_status(0);
        let runtime = runtime();
        let change = change_of(&shop);
        let (before, after) = runtime.block_on(async {
            (reports_process(&reports, &[]).await, reports_process(&reports, &[&change]).await)
        });
        for release in ["9.0.0", "9.0.1"] {
            shop.version(release);
            let mut arguments = vec!["db", "migrate", "--wait", "1m"];
            if release == "9.0.1" {
                let plan = shop.handover(&["db", "plan"]).expect_status(3);
                assert!(plan.stderr.contains("have not followed it"), "{plan}");
                let follow = format!("`ShimBuilder::follow(\"{change}\")`");
                assert!(plan.stderr.contains(&follow), "{plan}");
                let refused = shop.handover(&["db", "migrate"]).expect_status(3);
                assert_eq!(refused.stderr.matches("of reports at 1.2.0").count(), 1, "{refused}");
                arguments.extend(["--allow", "apps"]);
            }
            let _ = shop.handover(&arguments).expect_status(0);
            until_acknowledged(&shop);
            runtime.block_on(async {
                let read = |shim: &handover::Shim| {
                    Statement::from_string(shim.get_database_backend(), "SELECT count FROM items")
                };
                let row = before.query_one_raw(read(&before)).await.unwrap().unwrap();
                assert_eq!(row.try_get::<i32>("", "count").unwrap(), 7, "{release}");
                let row = after.query_one_raw(read(&after)).await.unwrap().unwrap();
                assert_eq!(row.try_get::<String>("", "count").unwrap(), "7", "{release}");
                before
                    .execute_unprepared("UPDATE items SET count = 7 WHERE count = 7")
                    .await
                    .unwrap();
                after
                    .execute_unprepared("UPDATE items SET count = '7' WHERE count = '7'")
                    .await
                    .unwrap();
            });
        }
        assert_eq!(state(&shop), "contracted");
        runtime.block_on(async {
            before.shutdown().await.unwrap();
            after.shutdown().await.unwrap();
        });
    });
}

/// A column is not dropped while another app names it.
#[test]
fn apps_name_a_column_that_is_to_be_dropped() {
    each_database(|given| {
        let shop = shop(given.db);
        let reports = joined(&shop);
        let _ =
            shop.handover(&["gen", "drop", "items.note", "--release", "9.0.0"]).expect_status(0);
        let runtime = runtime();
        let (own, other) = runtime.block_on(async {
            (shop_process(&shop, "9.0.1").await, reports_process(&reports, &[]).await)
        });
        let _ = shop.handover(&["db", "migrate", "--wait", "1m"]).expect_status(0);
        assert_eq!(state(&shop), "ignored");
        // The first of these may still be sent as the state before wants it.
        let insert = "INSERT INTO items (count, note) VALUES (8, 'b')";
        until("the use of the column is recorded", || {
            runtime.block_on(other.execute_unprepared(insert)).unwrap();
            !shop.query("SELECT statement FROM handover_column_uses").is_empty()
        });
        shop.version("9.0.1");
        let refused = shop.handover(&["db", "migrate", "--post"]).expect_status(3);
        assert!(refused.stderr.contains("have not followed it"), "{refused}");
        let unasked = ["db", "migrate", "--post", "--allow", "apps"];
        let refused = shop.handover(&unasked).expect_status(3);
        assert!(refused.stderr.contains("of reports at 1.2.0 names it"), "{refused}");
        runtime.block_on(other.shutdown()).unwrap();
        // A job of that app may run again.
        let refused = shop.handover(&["db", "migrate", "--post"]).expect_status(3);
        assert!(refused.stderr.contains("a process of reports at 1.2.0 named it"), "{refused}");
        // Other code of that app, which does without the column.
        let other = runtime.block_on(reports_of_next_release(&reports));
        let _ = shop.handover(&["db", "migrate", "--post", "--wait", "1m"]).expect_status(0);
        assert_eq!(state(&shop), "contracted");
        let insert = "INSERT INTO items (count) VALUES (9)";
        runtime.block_on(other.execute_unprepared(insert)).unwrap();

        // On the way back the column refuses NULL: code that may leave it out has to be looked at.
        let _ = shop.handover(&["db", "rollback", "--wait", "1m"]).expect_status(0);
        shop.sql("UPDATE items SET note = 'c' WHERE note IS NULL");
        runtime.block_on(own.shutdown()).unwrap();
        let refused = shop.handover(&["db", "rollback"]).expect_status(3);
        assert!(refused.stderr.contains("may leave it out"), "{refused}");
        assert!(refused.stderr.contains("--allow apps"), "{refused}");
        let _ = shop.handover(&["db", "rollback", "--allow", "apps"]).expect_status(0);
        assert_eq!(state(&shop), "pending");
        runtime.block_on(other.shutdown()).unwrap();
    });
}

async fn reports_of_next_release(reports: &Project) -> handover::Shim {
    let change = "drop_items_note";
    handover::Shim::builder(reports.connect().await, handover::Releases::default())
        .app("reports")
        .app_version("1.3.0")
        .follow(change)
        .lease(std::time::Duration::from_secs(3))
        .start()
        .await
        .unwrap()
}
