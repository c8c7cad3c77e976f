//! The app's migrations of sea-orm-migration, from before it used handover.

mod m20260105_090000_create_members;
mod m20260212_140000_create_name_changes;

use sea_orm_migration::prelude::*;

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20260105_090000_create_members::Migration),
            Box::new(m20260212_140000_create_name_changes::Migration),
        ]
    }
}
