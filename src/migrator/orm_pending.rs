//! The migrations of sea-orm-migration that a run still has to run.

use super::history::Status;
use super::outcome::Options;
use crate::releases::OrmMigration;

/// The migrations of sea-orm-migration that are to run.
pub(super) fn orm_pending(status: &Status, options: &Options) -> Vec<OrmMigration> {
    let open = status.orm.iter().filter(|record| !record.applied);
    let open = open.map(|record| &record.migration);
    open.take_while(|own| options.orm_before.is_none_or(|before| own.id < before))
        .cloned()
        .collect()
}
