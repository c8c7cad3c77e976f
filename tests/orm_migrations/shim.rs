//! The shim on databases that handover has no tables in, or none yet.

use handover::Shim;
use sea_orm::ConnectionTrait as _;
use sea_orm_migration::MigratorTrait as _;

use super::*;
use crate::support::project::{each_bare_database, query};

/// The create-migration was corrected to the new name, and handover never ran.
#[test]
fn without_a_record_the_columns_tell_which_name_there_is() {
    each_bare_database(|project| {
        with_rename(project);
        project.block_on(async |db| {
            db.execute_unprepared("CREATE TABLE users (id integer, handle varchar(100))")
                .await
                .unwrap();
            for release in ["8.0.0", "9.0.0"] {
                let shim = Shim::builder(db.clone(), releases(project.root()));
                let shim = shim.app_version(release).start().await.unwrap();
                let own = if release == "8.0.0" { "username" } else { "handle" };
                let insert = format!("INSERT INTO users (id, {own}) VALUES (1, '{release}')");
                shim.execute_unprepared(&insert).await.unwrap();
                shim.shutdown().await.unwrap();
            }
            let names = "SELECT handle FROM users ORDER BY handle";
            assert_eq!(query(db, names).await, ["8.0.0", "9.0.0"]);
        });
    });
}

/// An app that migrates through its own `Migrator` after the shim has started, as many do.
#[test]
fn a_table_that_is_made_after_the_start_is_seen_by_the_next_statement() {
    each_bare_database(|project| {
        with_rename(project);
        project.block_on(async |db| {
            let shim = Shim::builder(db.clone(), releases(project.root()));
            let shim = shim.app_version("9.0.0").start().await.unwrap();
            Before::up(db, None).await.unwrap();
            shim.execute_unprepared("INSERT INTO users VALUES (1, 'ada')").await.unwrap();
            let all =
                sea_orm::Statement::from_string(shim.get_database_backend(), "SELECT * FROM users");
            let row = shim.query_one_raw(all).await.unwrap().unwrap();
            assert_eq!(row.try_get::<String>("", "handle").unwrap(), "ada");
            shim.shutdown().await.unwrap();
        });
    });
}

#[test]
fn a_table_that_is_made_later_with_the_new_name_is_seen_by_the_next_statement() {
    each_bare_database(|project| {
        with_rename(project);
        project.block_on(async |db| {
            let shim = Shim::builder(db.clone(), releases(project.root()));
            let shim = shim.app_version("9.0.0").start().await.unwrap();
            db.execute_unprepared("CREATE TABLE users (id integer, handle varchar(100))")
                .await
                .unwrap();
            shim.execute_unprepared("INSERT INTO users (id, handle) VALUES (1, 'ada')")
                .await
                .unwrap();
            assert_eq!(query(db, "SELECT handle FROM users").await, ["ada"]);
            shim.shutdown().await.unwrap();
        });
    });
}
