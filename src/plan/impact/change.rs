//! The effect of each stage of a change.

use super::{Effect, Extent, Traffic};
use crate::database::Dialect;
use crate::model::{Change, ChangeKind, ColumnPair, Retype, Stage};

/// Describes a stage of a change: the work of the migrator, in words.
pub(super) fn effect(change: &Change, stage: Stage, dialect: Option<Dialect>) -> Effect {
    match &change.kind {
        ChangeKind::Rename(rename) => of_rename(rename, stage, dialect),
        ChangeKind::RenameInPlace(rename) => of_rename_in_place(rename, stage),
        ChangeKind::Drop(columns) => of_drop(columns, stage, dialect),
        ChangeKind::Retype(retype) => of_retype(retype, stage, dialect),
    }
}

fn of_drop(columns: &ColumnPair, stage: Stage, dialect: Option<Dialect>) -> Effect {
    let ColumnPair { table, from, to } = columns;
    let (what, traffic, extent) = match (stage, dialect) {
        (Stage::Expand | Stage::Backfill, Some(Dialect::MariaDb)) => (
            format!(
                "lets inserts leave out the column `{from}` of `{table}`; where it is NOT NULL without \
                 a default, MariaDB rebuilds the table for that while reads and writes go on"
            ),
            Traffic::Runs,
            Extent::Scan,
        ),
        (Stage::Expand | Stage::Backfill, _) => (
            format!(
                "lets inserts leave out the column `{from}` of `{table}`, which is locked for a moment"
            ),
            Traffic::Runs,
            Extent::Moment,
        ),
        (Stage::Contract, _) => (
            format!(
                "renames the column `{from}` of `{table}` to `{to}`, which keeps its values; the table \
                 is locked for a moment"
            ),
            Traffic::Runs,
            Extent::Moment,
        ),
        (Stage::Purge, Some(Dialect::Sqlite)) => (
            format!(
                "deletes the column `{to}` of `{table}` (once `{from}`) with its values, for which \
                 SQLite rewrites the table; writes wait until it is done"
            ),
            Traffic::Waits,
            Extent::Scan,
        ),
        (Stage::Purge, _) => (
            format!(
                "deletes the column `{to}` of `{table}` (once `{from}`) with its values; the table is \
                 locked for a moment"
            ),
            Traffic::Runs,
            Extent::Moment,
        ),
    };
    Effect { what, traffic, table: Some(table.clone()), extent }
}

fn of_retype(retype: &Retype, stage: Stage, dialect: Option<Dialect>) -> Effect {
    let Retype { columns: ColumnPair { table, from, to }, sql_type, .. } = retype;
    let (what, traffic, extent) = match (stage, dialect) {
        (Stage::Expand, _) => (
            format!(
                "adds the column `{to}` of the type `{sql_type}` to `{table}`, which is locked for a \
                 moment"
            ),
            Traffic::Runs,
            Extent::Moment,
        ),
        (Stage::Backfill, Some(Dialect::Sqlite)) => (
            format!(
                "converts `{from}` to `{to}` in every row of `{table}`, without its triggers; writes \
                 wait for one batch at a time, and while an index is built"
            ),
            Traffic::Waits,
            Extent::Copy,
        ),
        (Stage::Backfill, _) => (
            format!(
                "converts `{from}` to `{to}` in every row of `{table}`, without its triggers, and \
                 builds its indexes; a write waits only for a batch that holds its row"
            ),
            Traffic::Runs,
            Extent::Copy,
        ),
        (Stage::Contract, Some(Dialect::Sqlite)) => (
            format!(
                "gives the column `{from}` of `{table}` the type `{sql_type}`, for which SQLite writes \
                 every row; writes wait until it is done"
            ),
            Traffic::Waits,
            Extent::Copy,
        ),
        (Stage::Contract, Some(Dialect::MariaDb)) => (
            format!(
                "makes `{from}` nullable, for which MariaDB may rebuild `{table}` while reads and \
                 writes go on, then drops it and gives its name to `{to}`, which is then the last \
                 column"
            ),
            Traffic::Runs,
            Extent::Scan,
        ),
        (Stage::Contract | Stage::Purge, _) => (
            format!(
                "drops the column `{from}` of `{table}` and gives its name to `{to}`, which is then \
                 the last column; the table is locked for a moment, three times"
            ),
            Traffic::Runs,
            Extent::Moment,
        ),
    };
    Effect { what, traffic, table: Some(table.clone()), extent }
}

fn of_rename_in_place(rename: &ColumnPair, stage: Stage) -> Effect {
    let (table, from, to) = (&rename.table, &rename.from, &rename.to);
    let what = match stage {
        Stage::Contract => format!(
            "renames the column `{from}` of `{table}` to `{to}`, for which the table is locked for a \
             moment"
        ),
        Stage::Expand | Stage::Backfill | Stage::Purge => {
            format!(
                "announces that the column `{from}` of `{table}` is about to be renamed to `{to}`"
            )
        }
    };
    let (traffic, extent) = (Traffic::Runs, Extent::Moment);
    Effect { what, traffic, table: Some(table.clone()), extent }
}

fn of_rename(rename: &ColumnPair, stage: Stage, dialect: Option<Dialect>) -> Effect {
    let (table, from, to) = (&rename.table, &rename.from, &rename.to);
    let (what, traffic, extent) = match (stage, dialect) {
        (Stage::Expand, _) => (
            format!("adds the column `{to}` to `{table}`, which is locked for a moment"),
            Traffic::Runs,
            Extent::Moment,
        ),
        (Stage::Backfill, Some(Dialect::Sqlite)) => (
            format!(
                "copies `{from}` to `{to}` in every row of `{table}`, without its triggers; writes \
                 wait for one batch at a time, and while an index is built"
            ),
            Traffic::Waits,
            Extent::Copy,
        ),
        (Stage::Backfill, _) => (
            format!(
                "copies `{from}` to `{to}` in every row of `{table}`, without its triggers, and \
                 builds its indexes; a write waits only for a batch that holds its row"
            ),
            Traffic::Runs,
            Extent::Copy,
        ),
        (Stage::Contract, Some(Dialect::Sqlite)) => (
            format!(
                "drops the column `{from}` of `{table}`, for which SQLite rewrites the table; \
                 writes wait until it is done"
            ),
            Traffic::Waits,
            Extent::Scan,
        ),
        (Stage::Contract, Some(Dialect::MariaDb)) => (
            format!(
                "makes `{from}` nullable, for which MariaDB may rebuild `{table}` while reads and \
                 writes go on, then drops it at once; `{to}` is then the last column, and indexes \
                 named after `{from}` are named after `{to}`"
            ),
            Traffic::Runs,
            Extent::Scan,
        ),
        (Stage::Contract | Stage::Purge, _) => (
            format!(
                "drops the column `{from}` of `{table}`, which is locked for a moment, twice; `{to}` \
                 is then the last column, and indexes and constraints named after `{from}` are \
                 named after `{to}`"
            ),
            Traffic::Runs,
            Extent::Moment,
        ),
    };
    Effect { what, traffic, table: Some(table.clone()), extent }
}
