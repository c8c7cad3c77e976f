//! Several apps on one database: each has its own migrations, and all of them may use one table.

mod fleets;
mod histories;
mod joining;
mod one_repository;
mod other_kinds;

use std::time::Duration;

use handover::{Releases, Shim};
use tokio::runtime::{Builder, Runtime};

use crate::support::app;
use crate::support::project::{Db, Project};
use crate::support::wait::until;

/// The app without a name, at 9.0.0, which renames `users.username`.
fn shop(db: Db) -> Project {
    let shop = Project::new(db);
    shop.sql(app::users(db));
    shop.sql("INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace')");
    shop.copy_worked_example();
    shop.version("9.0.0");
    shop
}

/// A further app on its database, at 1.2.0, with a table of its own.
fn reports(shop: &Project) -> Project {
    let reports = shop.beside();
    reports.write("handover.yml", "app: reports\n");
    reports.version("1.2.0");
    reports
}

/// The same, initialised.
fn joined(shop: &Project) -> Project {
    let reports = reports(shop);
    let _ = reports.handover(&["db", "init", "--baseline", "none"]).expect_status(0);
    reports
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A process of the app without a name.
async fn shop_process(shop: &Project, release: &str) -> Shim {
    let shim = Shim::builder(shop.connect().await, Releases::default()).app_version(release);
    shim.lease(Duration::from_secs(3)).start().await.unwrap()
}

/// A process of the further app that has followed these changes.
async fn reports_process(reports: &Project, followed: &[&str]) -> Shim {
    let mut shim = Shim::builder(reports.connect().await, Releases::default())
        .app("reports")
        .app_version("1.2.0")
        .lease(Duration::from_secs(3));
    for change in followed {
        shim = shim.follow(*change);
    }
    shim.start().await.unwrap()
}

/// The id of the app's only change.
fn change_of(app: &Project) -> String {
    let folder = app.root().join("release_migrations/9.0.0");
    let mut names = std::fs::read_dir(folder).unwrap().flatten();
    let name = names.next().unwrap().file_name().into_string().unwrap();
    let (_, name) = name.split_once('_').unwrap();
    name.split('.').next().unwrap().to_owned()
}

fn until_acknowledged(app: &Project) {
    let behind = "SELECT id FROM handover_instances WHERE acknowledged < (SELECT epoch FROM handover_metadata)";
    until("every process acts on the state", || app.query(behind).is_empty());
}
