//! Columns that a migration of the app adds or drops while a rename is under way: `*` stands for the
//! columns that are there.

use handover::{Releases, Shim, ShimError};
use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};

use crate::support::app;
use crate::support::project::{Project, each_database};
use crate::support::wait::until_async;

async fn columns(shim: &Shim) -> Vec<String> {
    let all = Statement::from_string(shim.get_database_backend(), "SELECT * FROM users");
    shim.query_one_raw(all).await.unwrap().unwrap().column_names()
}

/// Runs a test after each command of the worked example.
fn after_each_command(test: impl AsyncFn(&Project, &Shim)) {
    each_database(|project| {
        project.sql(app::users(project.db));
        project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
        project.copy_worked_example();
        let steps: [(&str, &[&str]); 3] = [
            ("9.0.0", &["db", "migrate", "--pre"]),
            // The runtime of the shim stands still meanwhile, and so its connection for announcements stays.
            ("9.0.0", &["db", "migrate", "--post", "--allow", "sessions"]),
            ("9.0.1", &["db", "migrate", "--allow", "sessions"]),
        ];
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for (release, migrate) in steps {
            project.version(release);
            let _ = project.handover(migrate).expect_status(0);
            runtime.block_on(async {
                let shim = Shim::builder(project.connect().await, Releases::default());
                let shim = shim.app_version("9.0.0").start().await.unwrap();
                eprintln!("after {migrate:?}");
                test(project, &shim).await;
                shim.close().await.unwrap();
            });
        }
    });
}

#[test]
fn shim_columns_that_are_added_are_shown_by_star() {
    after_each_command(async |project, shim| {
        let before = columns(shim).await;
        project.sql("ALTER TABLE users ADD COLUMN age integer");
        let shown = async || columns(shim).await.len() == before.len() + 1;
        until_async("the column is shown", shown).await;
        assert!(columns(shim).await.contains(&"age".to_owned()));
        project.sql("ALTER TABLE users DROP COLUMN age");
        // The text names a column that is gone: the shim looks again before the app sees an error.
        assert_eq!(columns(shim).await, before);
    });
}

/// A transaction keeps its mapping, so it is run again.
#[test]
fn shim_columns_that_are_dropped_during_a_transaction_let_it_be_run_again() {
    after_each_command(async |project, _| {
        project.sql("ALTER TABLE users ADD COLUMN age integer");
        let shim = Shim::builder(project.connect().await, Releases::default());
        let shim = shim.app_version("9.0.0").start().await.unwrap();
        let transaction = shim.begin().await.unwrap();
        project.sql("ALTER TABLE users DROP COLUMN age");
        let all = || Statement::from_string(shim.get_database_backend(), "SELECT * FROM users");
        let error = transaction.query_all_raw(all()).await.unwrap_err();
        assert!(ShimError::is_run_again(&error), "{error}");
        transaction.rollback().await.unwrap();
        let transaction = shim.begin().await.unwrap();
        assert_eq!(transaction.query_all_raw(all()).await.unwrap().len(), 1);
        transaction.commit().await.unwrap();
        shim.close().await.unwrap();
    });
}

/// Before handover has tables of its own, the shim knows the renames of the program alone.
#[test]
fn shim_columns_are_followed_where_handover_has_no_tables() {
    use crate::support::project::each_bare_database;
    each_bare_database(|project| {
        project.sql(app::users(project.db));
        project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let releases = handover::releases!("release_migrations");
            let shim = Shim::builder(project.connect().await, releases).app_version("9.0.0");
            let shim = shim.start().await.unwrap();
            assert_eq!(columns(&shim).await, ["id", "handle", "email"]);
            project.sql("ALTER TABLE users ADD COLUMN age integer");
            let shown = async || columns(&shim).await.len() == 4;
            until_async("the column is shown", shown).await;
            shim.close().await.unwrap();
        });
    });
}
