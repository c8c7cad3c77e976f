//! The `handover_*` tables: their shape and every statement that reads or writes them.
//!
//! Times are milliseconds since 1970 by the database's clock, so that no two machines' clocks are
//! ever compared.

mod backfills;
mod changes;
mod instances;
mod metadata;
mod migrations;
mod schema;

pub use backfills::{BackfillRow, backfill, clear_backfill, save_backfill};
pub use changes::{ChangeRow, Fenced, change, changes, insert_change, publish, set_definition};
pub use instances::{InstanceRow, acknowledge, instances, leave, register, remove_expired, renew};
pub use metadata::{Metadata, lock_epoch, metadata, set_schema_version};
pub use migrations::{
    MigrationRow, MigrationStatus, begin_migration, finish_migration, known_checksums, migrations,
    remove_migration, set_status,
};
pub use schema::{FORMAT_VERSION, TABLES, create, exist};

use super::Dialect;

/// The SQL expression for the database's clock, in milliseconds since 1970.
#[must_use]
pub const fn now_ms(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
        Dialect::Postgres => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
        Dialect::Mysql => "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)",
    }
}

/// A stored text that should be a value of the model is not: somebody else has written it, or a
/// later handover.
pub(crate) fn unreadable<E>(table: &'static str, error: E) -> sea_orm::DbErr
where
    E: std::error::Error + Send + Sync + 'static,
{
    sea_orm::DbErr::TryIntoErr {
        from: table,
        into: "a value of handover's model",
        source: std::sync::Arc::new(error),
    }
}
