use handover::manifest::Settings;
use handover::migrator::{Baseline, Silent, StartError, init};
use sea_orm::{ConnectionTrait as _, Database};
use sea_orm_migration::MigratorTrait as _;

use super::*;
use crate::support::project::{each_bare_database, query};

const COLUMNS: &str = "SELECT handle FROM users";

#[test]
fn on_a_fresh_database_everything_runs_by_its_time() {
    each_bare_database(|project| {
        with_rename(project);
        project.block_on(async |db| {
            let outcome = migrate(project, db, "9.0.1").await;
            assert!(outcome.refused.is_empty(), "{outcome:?}");
            let create = "m20260101_000001_create_users";
            let index = "m20261201_000001_index_handle";
            assert_eq!(done(&outcome), [create, "expand", "backfill", "contract", index]);
            assert_eq!(query(db, COLUMNS).await, [""; 0]);
            let history = "SELECT version FROM seaql_migrations ORDER BY version";
            assert_eq!(query(db, history).await, [create, index]);
            // Leaving handover is possible on any day: to sea-orm-migration, everything has run.
            assert_eq!(Migrator::get_pending_migrations(db).await.unwrap().len(), 0);
            Migrator::up(db, None).await.unwrap();
            assert_eq!(done(&migrate(project, db, "9.0.1").await), [""; 0]);
        });
    });
}

/// `db init --fresh` says that the app makes its tables as its present code wants them. The migrations
/// of sea-orm-migration make them as they were at their time, so the rename has to run.
#[test]
fn a_fresh_database_of_an_app_with_migrations_runs_them_all() {
    each_bare_database(|project| {
        with_rename(project);
        project.block_on(async |db| {
            let database = handover::database::Database::beside(db).await.unwrap();
            let (releases, settings, app) = (releases(project.root()), Settings::default(), app());
            let migrator = handover::migrator::Migrator {
                database: &database,
                releases: &releases,
                settings: &settings,
                app: &app,
                observer: &Silent,
            };
            let fresh = Baseline::Fresh { version: "9.0.1".parse().unwrap() };
            assert_eq!(init(&migrator, &fresh).await.unwrap(), 0);
            database.close().await;
            assert_eq!(done(&migrate(project, db, "9.0.1").await).len(), 5);
            assert_eq!(query(db, COLUMNS).await, [""; 0]);
        });
    });
}

#[test]
fn processes_that_start_together_migrate_one_after_the_other() {
    each_bare_database(|project| {
        with_rename(project);
        project.block_on(async |db| {
            let start = || migrate(project, db, "9.0.1");
            let outcomes = tokio::join!(start(), start(), start());
            let mut sizes = [outcomes.0, outcomes.1, outcomes.2].map(|own| done(&own).len());
            sizes.sort_unstable();
            assert_eq!(sizes, [0, 0, 5]);
        });
    });
}

/// The call for tests finds the files by itself, here those of the worked example: its table is made
/// by a migration of the app.
#[tokio::test]
async fn one_call_makes_a_test_database_current() {
    let db = Database::connect("sqlite::memory:").await.unwrap();
    handover::testing::migrate_with(&db, AppMigrations::default().migrator::<Before>())
        .await
        .unwrap();
    assert_eq!(query(&db, COLUMNS).await, [""; 0]);
    // Again, as a test that shares the database would.
    handover::testing::migrate_with(&db, AppMigrations::default().migrator::<Before>())
        .await
        .unwrap();
}

#[test]
fn a_migration_that_the_app_lacks_is_named() {
    each_bare_database(|project| {
        with_rename(project);
        project.block_on(async |db| {
            let _ = migrate(project, db, "9.0.1").await;
            let run = Migrate::new(db, releases(project.root())).app_version("9.0.1");
            let run = run.app_migrations(AppMigrations::default().migrator::<Before>());
            let error = run.run().await.unwrap_err();
            let StartError::Migrate(error) = error else { panic!("{error}") };
            assert_eq!(
                error.to_string(),
                "table `seaql_migrations` has migration `m20261201_000001_index_handle`, which this \
                 program does not have"
            );
        });
    });
}

#[test]
fn a_migration_that_fails_is_named_and_runs_again() {
    each_bare_database(|project| {
        project.block_on(async |db| {
            let run = || {
                let run = Migrate::new(db, releases(project.root())).app_version("9.0.1");
                run.app_migrations(AppMigrations::default().migrator::<Failing>()).run()
            };
            let StartError::Migrate(error) = run().await.unwrap_err() else { panic!() };
            let text = "migration `m20260102_000001_fails` of sea-orm-migration failed";
            assert_eq!(error.to_string(), text);
            // What ran before it stays.
            let history = "SELECT version FROM seaql_migrations";
            assert_eq!(query(db, history).await, ["m20260101_000001_create_users"]);
            db.execute_unprepared("CREATE TABLE cause (id integer)").await.unwrap();
            assert_eq!(done(&run().await.unwrap()), ["m20260102_000001_fails"]);
        });
    });
}
