//! Compares the database with its records: the files of what ran, and the columns, guards and indexes of
//! each change.

use std::collections::HashMap;

use sea_orm::{DatabaseTransaction, DbErr};

use super::Finding;
use crate::database::catalog;
use crate::database::{Database, Dialect};
use crate::migrator::error::MigrateError;
use crate::migrator::find_table::resolve;
use crate::migrator::history::{self, Status};
use crate::migrator::rename::{Columns, Lack, lacks, lacks_across_types};
use crate::migrator::runner::Migrator;
use crate::migrator::schema::SchemaError;
use crate::migrator::steps::{Guards, guard_is_among, guards};
use crate::model::{ChangeRecord, ColumnPair, Identifier, MigrationStatus, Side, State, TableName};
use crate::releases::FileKind;

/// Compares the database with its records: the files of the migrations that ran, and for each change
/// the columns, the guard and the copy's indexes that belong to its state. Changes nothing, and reads
/// no rows.
///
/// # Errors
/// The database fails, or somebody migrates it meanwhile.
pub async fn verify(migrator: &Migrator<'_>) -> Result<Vec<Finding>, MigrateError> {
    let database = migrator.database;
    let status = history::load(database, migrator.own_app()).await?;
    let mut findings = files(migrator, &status);
    let transaction = database.begin_reading().await?;
    let dialect = database.dialect();
    let mut there =
        There { dialect, columns: HashMap::new(), guards: guards(&transaction, dialect).await? };
    // What the other apps are doing at the moment is in their own histories.
    for row in status.changes.iter().filter(|row| row.app == status.app) {
        let running = status.migrations.iter().any(|migration| {
            migration.change.as_ref() == Some(&row.name)
                && migration.status != MigrationStatus::Done
        });
        if !running {
            findings.extend(there.change(database, &transaction, row, &status.changes).await?);
        }
    }
    transaction.rollback().await?;
    let after = history::load(database, migrator.own_app()).await?;
    if (&status.migrations, &status.changes) != (&after.migrations, &after.changes) {
        return Err(SchemaError::Moved.into());
    }
    Ok(findings)
}

fn files(migrator: &Migrator<'_>, status: &Status) -> Vec<Finding> {
    let files = migrator.releases.files().iter().filter(|file| file.kind != FileKind::Slot);
    let files: HashMap<u64, _> = files.map(|file| (file.id, file)).collect();
    let minimum = migrator.settings.minimum_version.as_ref();
    let mut findings = Vec::new();
    for row in &status.migrations {
        if row.status != MigrationStatus::Done {
            findings.push(Finding::Unfinished {
                name: row.slug.clone(),
                stage: row.stage,
                undoing: row.status == MigrationStatus::Undoing,
            });
        }
        match files.get(&row.id) {
            Some(file) if file.checksum.as_str() != row.checksum => {
                findings.push(Finding::Edited {
                    path: file.path.clone(),
                    recorded: row.checksum.clone(),
                    found: file.checksum.to_string(),
                });
            }
            None if minimum.is_none_or(|minimum| !minimum.has_reached(&row.release)) => {
                findings.push(Finding::Gone {
                    id: row.id,
                    name: row.slug.clone(),
                    release: row.release.clone(),
                });
            }
            _ => {}
        }
    }
    findings
}

/// The objects in the database, each looked up once.
struct There {
    dialect: Dialect,
    /// The columns of the tables; `None` if there is no such table.
    columns: HashMap<TableName, Option<Vec<String>>>,
    guards: Guards,
}

impl There {
    async fn change(
        &mut self,
        database: &Database,
        transaction: &DatabaseTransaction,
        row: &ChangeRecord,
        all: &[ChangeRecord],
    ) -> Result<Vec<Finding>, MigrateError> {
        let (name, state, dialect) = (row.name.clone(), row.state, self.dialect);
        let ColumnPair { table, from, to } = row.columns();
        if !self.columns.contains_key(table) {
            let found = catalog::columns(transaction, dialect, table).await?;
            self.columns.insert(table.clone(), found.map(|(_, columns)| columns));
        }
        let Some(columns) = self.columns.get(table).and_then(Option::as_ref) else {
            // Once a change is finished, its table may be dropped.
            let over = row.change().course().is_at_rest(state);
            let finding = Finding::NoTable { change: name, state, table: table.clone() };
            return Ok((!over).then_some(finding).into_iter().collect());
        };
        let mut findings = Vec::new();
        let exists = |column: &Identifier| {
            columns.iter().any(|own| dialect.same_column(own, column.as_str()))
        };
        let (mut expects_from, mut expects_to) = (state.columns().from, state.columns().to);
        if state == State::Announced && exists(to) && !exists(from) {
            (expects_from, expects_to) = (false, true);
        }
        if state == State::Contracted && row.kind.course().keeps_name {
            (expects_from, expects_to) = (true, false);
        }
        for (column, expected) in [(from, expects_from), (to, expects_to)] {
            let there = exists(column);
            if there != expected && !is_anothers(dialect, row, column, all) {
                findings.push(Finding::Column {
                    change: name.clone(),
                    state,
                    table: table.clone(),
                    column: column.clone(),
                    there,
                    alone: exists(from) != exists(to),
                    noted: row.epoch == 0 && state != State::Pending,
                });
            }
        }
        let change = row.change();
        for (side, column) in [(Side::From, from), (Side::To, to)] {
            let there = guard_is_among(&self.guards, dialect, &change, side);
            if guarded(state, side).is_some_and(|expected| expected != there) {
                findings.push(Finding::Guard {
                    change: name.clone(),
                    state,
                    table: table.clone(),
                    column: column.clone(),
                    there,
                });
            }
        }
        if matches!(state, State::ReadTo | State::WriteTo) {
            let resolved = resolve(database, &change).await?;
            findings.extend(copy(transaction, dialect, row, &resolved.columns().table).await?);
        }
        Ok(findings)
    }
}

/// Returns true if another change on the table decides whether this column exists.
fn is_anothers(
    dialect: Dialect,
    row: &ChangeRecord,
    column: &Identifier,
    all: &[ChangeRecord],
) -> bool {
    let same = |other: &Identifier| dialect.same_column(other.as_str(), column.as_str());
    // While the change is under way, it decides itself.
    row.change().course().is_at_rest(row.state)
        && all.iter().any(|other| {
            let ColumnPair { table, from, to } = other.columns();
            other.name != row.name && *table == row.columns().table && (same(from) || same(to))
        })
}

/// Returns true if the guard has to be on one side in a state, false if it must not be; `None` if
/// both are right: a rollback leaves that of `to` until the next stage.
const fn guarded(state: State, side: Side) -> Option<bool> {
    match (state, side) {
        (
            State::Pending | State::Announced | State::Contracted | State::Ignored | State::Purged,
            _,
        )
        | (State::DualWrite, Side::From) => Some(false),
        (State::ReadTo | State::WriteTo, Side::From) => Some(true),
        (State::DualWrite | State::ReadTo | State::WriteTo, Side::To) => None,
    }
}

/// Returns what the copy lacks to stand in for the column.
async fn copy(
    connection: &DatabaseTransaction,
    dialect: Dialect,
    row: &ChangeRecord,
    name: &TableName,
) -> Result<Vec<Finding>, MigrateError> {
    let Some(table) = catalog::table(connection, dialect, name).await? else {
        return Ok(Vec::new());
    };
    let ColumnPair { from, to, .. } = row.columns();
    let at = Columns { dialect, source: from.as_str(), target: to.as_str() };
    let relaxed = row.state == State::WriteTo;
    let lacks = if row.conversion.is_some() {
        lacks_across_types(&table, at)
    } else {
        lacks(&table, at, relaxed)
    };
    let lacks = lacks.map_err(|error| DbErr::Custom(error.to_string()))?;
    let finding = |lack: Lack| Finding::Lacks {
        change: row.name.clone(),
        state: row.state,
        table: row.columns().table.clone(),
        column: to.clone(),
        lack: lack.to_string(),
        source_column: from.clone(),
    };
    Ok(lacks.into_iter().map(finding).collect())
}
