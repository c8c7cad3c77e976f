//! The `handover_*` tables: their definitions and every statement that reads or writes them.
//!
//! Times are milliseconds since 1970 by the database's clock, so that no two machines' clocks are
//! ever compared.

mod apps;
mod backfills;
mod changes;
mod clients;
mod clock;
mod column_types;
mod column_uses;
mod control;
mod format;
mod instances;
mod metadata;
mod migrations;
mod read_all;
mod schema;
mod stored_change;
mod unreadable;
mod upgrade;
mod upsert;

#[cfg(feature = "migrate")]
pub use apps::add_app_tables;
pub use apps::{APPS_FORMAT, AppRecord, add_app, apps, create_app_tables, remove_app};
pub use backfills::{
    BackfillRow, Batch, backfill, begin_backfill, clear_backfill, copied_rate, note_batch,
    rewind_backfill,
};
pub use changes::{Fenced, change, changes, definition, insert_change, publish, renew_definition};
#[cfg(feature = "migrate")]
pub use clients::clients;
pub use clients::record_client;
pub use clock::now_ms;
pub use column_uses::{ColumnUse, column_uses, record_column_uses};
pub use control::{Control, control, set_control};
pub use format::{format_version, outdated, raise_format, record_format};
pub use instances::{
    acknowledge, instances, leave, record_followed, register, remove_expired, renew,
};
pub use metadata::{
    Metadata, correct_baseline, forget_baseline, lock_epoch, metadata, set_minimum_version,
    set_schema_version,
};
pub use migrations::{
    begin_migration, finish_migration, migrations, note_done, remove_migration, remove_migrations,
    set_status, unfinish_migration,
};
pub use read_all::{Record, read_all};
pub use schema::{
    FORMAT_VERSION, TABLES, create, create_column_uses, create_metadata, create_record, exist,
};
pub(crate) use unreadable::unreadable;
#[cfg(feature = "migrate")]
pub use upgrade::add_client;
pub use upgrade::{add_control, add_reads_format, add_specification};
