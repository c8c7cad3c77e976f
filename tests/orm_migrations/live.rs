//! An app that has been in production without handover, and brings it in with a rename.

use handover::Shim;
use sea_orm::ConnectionTrait as _;
use sea_orm_migration::MigratorTrait as _;

use super::*;
use crate::support::project::{each_bare_database, query};

/// The database of release 8.0.0, made by the app's migrations alone.
fn at_8(project: &Project) {
    with_rename(project);
    project.version("9.0.0");
    project.block_on(async |db| Before::up(db, None).await.unwrap());
    project.sql("INSERT INTO users VALUES (1, 'ada'), (2, 'grace')");
    let _ = project.handover(&["db", "init", "--baseline", "8.0.0"]).expect_status(0);
}

#[test]
fn the_apps_migrations_run_before_the_roll_out() {
    each_bare_database(|project| {
        at_8(project);
        project.block_on(async |db| {
            let shim = Shim::builder(db.clone(), releases(project.root()));
            let shim = shim.app_version("8.0.0").start().await.unwrap();
            let outcome = migrate(project, db, "9.0.0").await;
            let index = "m20261201_000001_index_handle";
            assert_eq!(done(&outcome), ["expand", index], "{outcome:?}");
            assert_eq!(
                outcome.refused.len(),
                1,
                "the backfill waits for the roll-out: {outcome:?}"
            );
            // The release before goes on.
            shim.execute_unprepared("INSERT INTO users (id, username) VALUES (3, 'edsger')")
                .await
                .unwrap();
            shim.shutdown().await.unwrap();
            let outcome = migrate(project, db, "9.0.0").await;
            assert_eq!(done(&outcome), ["backfill"], "{outcome:?}");
            let outcome = migrate(project, db, "9.0.1").await;
            assert_eq!(done(&outcome), ["contract"], "{outcome:?}");
            let names = "SELECT handle FROM users ORDER BY id";
            assert_eq!(query(db, names).await, ["ada", "grace", "edsger"]);
        });
    });
}
