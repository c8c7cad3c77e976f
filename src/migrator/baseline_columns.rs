//! Compares the columns of a database with the release that it is said to be at.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;

use super::error::MigrateError;
use crate::database::{Dialect, catalog};
use crate::model::{Change, ColumnPair, Identifier, Release, Stage};
use crate::releases::Migration;

/// Checks that a database that is past a rename has `to` and no `from`, unless a later one made it. A
/// column that was dropped may be there under its second name, or not at all.
pub(super) async fn check_columns<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    release: &Release,
    noted: &[&Migration],
) -> Result<(), MigrateError> {
    let contracts = noted.iter().filter(|at| at.stage() == Some(Stage::Contract));
    let mut tables: BTreeMap<String, Vec<&Change>> = BTreeMap::new();
    // After a change that keeps the name, the names tell nothing.
    let changes = contracts.filter_map(|at| at.change());
    for change in changes.filter(|change| !change.course().keeps_name) {
        tables.entry(change.columns().table.to_string()).or_default().push(change);
    }
    for renames in tables.values() {
        let Some(table) = renames.first().map(|change| &change.columns().table) else { continue };
        let columns = catalog::columns(connection, dialect, table).await?;
        let (_, columns) = columns.unwrap_or_default();
        check_table(dialect, release, renames, &columns)?;
    }
    Ok(())
}

fn check_table(
    dialect: Dialect,
    release: &Release,
    changes: &[&Change],
    columns: &[String],
) -> Result<(), MigrateError> {
    let has =
        |name: &Identifier| columns.iter().any(|column| dialect.same_column(column, name.as_str()));
    for (at, change) in changes.iter().enumerate() {
        let later = |column: fn(&ColumnPair) -> &Identifier, name: &Identifier| {
            let mut later = changes[at + 1..].iter();
            later.any(|next| dialect.same_column(column(next.columns()).as_str(), name.as_str()))
        };
        let ColumnPair { table, from, to } = change.columns();
        let drops = change.course().drops;
        let moved_on = later(|next| &next.from, to);
        let made_again = later(|next| &next.to, from);
        if (drops || moved_on || has(to)) && (made_again || !has(from)) {
            continue;
        }
        let wanted = if drops { String::new() } else { format!("a column `{to}` and ") };
        return Err(MigrateError::Baseline {
            release: release.clone(),
            reason: format!("table `{table}` should have {wanted}none called `{from}`"),
        });
    }
    Ok(())
}

/// The migrations of changes whose table the database has.
pub(super) async fn with_table<'m, C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    noted: &[&'m Migration],
) -> Result<Vec<&'m Migration>, MigrateError> {
    let mut found = Vec::new();
    for migration in noted {
        let Some(change) = migration.change() else { continue };
        if catalog::columns(connection, dialect, &change.columns().table).await?.is_some() {
            found.push(*migration);
        }
    }
    Ok(found)
}
