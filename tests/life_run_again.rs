//! A transaction across which the columns moved: mended where that is possible, else an error that
//! says that running it again helps; and no error says so where it does not.

use handover::{Releases, Shim, ShimError};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};

use crate::support::app;
use crate::support::project::{Db, Project, each_database};

/// What a migration does that did not wait for the transaction, its lease having run out.
const MOVE_ON: &str = "
    ALTER TABLE users DROP COLUMN handle;
    UPDATE handover_metadata SET epoch = epoch + 1;
    UPDATE handover_changes SET state = 'pending', epoch = (SELECT epoch FROM handover_metadata)";

fn run(test: impl AsyncFn(&Project, Shim)) {
    each_database(|project| {
        project.sql(app::users(project.db));
        project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
        project.copy_worked_example();
        project.version("9.0.0");
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let shim = Shim::builder(project.connect().await, Releases::default());
            let shim = shim.app_version("9.0.0").start().await.unwrap();
            test(project, shim.clone()).await;
            shim.shutdown().await.unwrap();
        });
    });
}

#[test]
fn life_run_again_is_said_where_it_helps() {
    run(async |project, shim| {
        let update = "UPDATE users SET handle = 'grace' WHERE id = 1";
        let transaction = shim.begin().await.unwrap();
        project.sql(MOVE_ON);
        let result = transaction.execute_unprepared(update).await;
        match project.db {
            Db::Sqlite => {
                assert_eq!(result.unwrap().rows_affected(), 1);
                transaction.commit().await.unwrap();
            }
            Db::Postgres | Db::Mariadb => {
                let error = result.unwrap_err();
                assert!(ShimError::is_run_again(&error), "{error}");
                transaction.rollback().await.unwrap();
                let again = shim.begin().await.unwrap();
                again.execute_unprepared(update).await.unwrap();
                again.commit().await.unwrap();
            }
        }
        assert_eq!(project.query("SELECT username FROM users"), ["grace"]);
    });
}

#[test]
fn life_run_again_is_not_said_of_a_column_that_never_was() {
    run(async |_, shim| {
        let transaction = shim.begin().await.unwrap();
        let error = transaction.execute_unprepared("SELECT nope FROM users").await.unwrap_err();
        assert!(!ShimError::is_run_again(&error), "{error}");
        transaction.rollback().await.unwrap();
    });
}
