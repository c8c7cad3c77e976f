//! An app that has migrations of sea-orm-migration beside the migration files.

mod dump;
mod fresh;
mod live;
mod schema_sync;
mod shim;

use std::path::Path;

use handover::manifest::Folders;
use handover::migrator::Outcome;
use handover::{AppMigrations, Migrate, Releases};
use sea_orm::DatabaseConnection;
use sea_orm_migration::prelude::*;

use crate::support::project::Project;
use crate::support::rename::USERS;

/// The app's migrations: one that is older than the rename of `users.username`, and one that was
/// written after it, for the new name.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(CreateUsers), Box::new(IndexHandle)]
    }
}

/// The app's migrations before the rename.
pub struct Before;

impl MigratorTrait for Before {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(CreateUsers)]
    }
}

struct CreateUsers;

impl MigrationName for CreateUsers {
    fn name(&self) -> &'static str {
        "m20260101_000001_create_users"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateUsers {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let users = Table::create()
            .table("users")
            .col(ColumnDef::new("id").integer().not_null().primary_key())
            .col(ColumnDef::new("username").string_len(100).not_null())
            .to_owned();
        manager.create_table(users).await
    }
}

struct IndexHandle;

impl MigrationName for IndexHandle {
    fn name(&self) -> &'static str {
        "m20261201_000001_index_handle"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for IndexHandle {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::create().name("users_handle").table("users").col("handle").to_owned();
        manager.create_index(index).await
    }
}

/// Its second migration fails until there is a table `cause`.
pub struct Failing;

impl MigratorTrait for Failing {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(CreateUsers), Box::new(Fails)]
    }
}

struct Fails;

impl MigrationName for Fails {
    fn name(&self) -> &'static str {
        "m20260102_000001_fails"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Fails {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("SELECT id FROM cause").await?;
        Ok(())
    }
}

pub fn app() -> AppMigrations {
    AppMigrations::default().migrator::<Migrator>()
}

/// A project whose rename was written between the two migrations of the app.
pub fn with_rename(project: &Project) {
    USERS.write(project);
    project.version("9.0.1");
}

pub fn releases(root: &Path) -> Releases {
    Releases::discover(root, &Folders::default()).unwrap()
}

/// Migrates from within the app, at a release.
pub async fn migrate(project: &Project, db: &DatabaseConnection, version: &str) -> Outcome {
    let migrate = Migrate::new(db, releases(project.root())).app_version(version);
    migrate.app_migrations(app()).run().await.unwrap()
}

/// The names of what a run has done, in order.
pub fn done(outcome: &Outcome) -> Vec<String> {
    let name = |done: &handover::migrator::Done| match done.stage {
        Some(stage) => stage.to_string(),
        None => done.name.clone(),
    };
    outcome.done.iter().map(name).collect()
}
