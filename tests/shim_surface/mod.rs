//! An app that was written for sea-orm's connection compiles with the shim, and does the same: its source
//! is compiled twice, once with each type. The forms that cannot compile are listed in
//! docs/how-to/connection.md.

mod app;
mod entities;

use handover::{Releases, Shim};
use sea_orm::DatabaseConnection;

use crate::support::project::{Db, Project};

async fn shim(connection: DatabaseConnection) -> Shim {
    let shim = Shim::builder(connection, Releases::default()).app_version("9.0.0");
    shim.start().await.unwrap()
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test)
}

#[test]
fn shim_surface_of_an_app_is_that_of_a_connection() {
    for db in Db::ALL {
        let project = Project::bare(db);
        let theirs = run(async { app::theirs::everything(project.connect().await).await });
        let project = Project::bare(db);
        let ours = run(async { app::ours::everything(shim(project.connect().await).await).await });
        assert_eq!(ours.unwrap(), theirs.unwrap(), "on {db:?}");
    }
}

/// The tables that sea-orm makes for the entities are found again, so the second time it makes none.
#[cfg(feature = "schema-sync")]
#[test]
fn shim_surface_of_schema_sync_is_that_of_a_connection() {
    for db in Db::ALL {
        let project = Project::bare(db);
        let theirs = run(async { app::theirs::sync(&project.connect().await).await });
        let project = Project::bare(db);
        let ours = run(async { app::ours::sync(&shim(project.connect().await).await).await });
        assert_eq!(ours.unwrap(), theirs.unwrap(), "on {db:?}");
    }
}

/// The schema is discovered in a transaction, too.
#[cfg(feature = "schema-sync")]
#[test]
fn shim_surface_of_discovery_sees_both_columns() {
    use sea_orm::TransactionTrait as _;
    use sea_schema::sqlite::discovery::SchemaDiscovery;

    use crate::support::{app, rename::USERS};

    let project = Project::new(Db::Sqlite);
    project.sql(app::users(project.db));
    USERS.write(&project);
    project.version("9.0.0");
    let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
    run(async {
        let shim = shim(project.connect().await).await;
        let transaction = shim.begin().await.unwrap();
        let found = SchemaDiscovery::discover_with(&transaction).await.unwrap();
        transaction.rollback().await.unwrap();
        let users = found.tables.iter().find(|table| table.name == "users").unwrap();
        let names: Vec<_> = users.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["id", "username", "email", "handle"]);
        // What is sent this way is mapped as well, and refused where it cannot be.
        let select = "SELECT handle FROM users WHERE this is no SQL".to_owned();
        let refused = sea_schema::Connection::query_all_raw(&shim, select).await;
        let refused = refused.err().unwrap().to_string();
        assert!(refused.contains("the statement was not sent"), "{refused}");
        shim.close().await.unwrap();
    });
}
