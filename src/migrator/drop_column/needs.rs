//! The objects on a table that use a column and something else besides: they would be lost with it.

use super::super::stage_error::StageError;
use crate::database::Dialect;
use crate::database::catalog::{Column, Table, Unreadable};

/// Returns what keeps a column from being dropped, as far as the catalog's description of its table
/// shows it, in words.
pub(super) fn needs(
    table: &Table,
    dialect: Dialect,
    column: &Column,
) -> Result<Vec<String>, StageError> {
    let name = column.name.as_str();
    let own = |other: &str| dialect.same_column(other, name);
    let mut found: Vec<String> = table
        .dependents
        .iter()
        .filter(|dependent| own(&dependent.column))
        .map(|dependent| dependent.words.clone())
        .collect();
    if table.columns.iter().all(|other| own(&other.name)) {
        found.push("it is the only column".to_owned());
    }
    let others = || table.columns.iter().filter(|other| !own(&other.name));
    for index in table.indexes_of(dialect, name)? {
        if index.primary {
            found.push("it is in the primary key".to_owned());
        } else if index.clustered || index.replica_identity {
            found.push(format!(
                "the index `{}` has a task of its own (CLUSTER, REPLICA IDENTITY)",
                index.name
            ));
        } else if index.unique && has_value(column) {
            found.push(format!(
                "the unique index `{}` lets its default be in one row only",
                index.name
            ));
        } else if let Some(other) = first(others(), |other| index.uses(dialect, other))? {
            found.push(format!("the index `{}` also has the column `{other}`", index.name));
        }
    }
    for constraint in table.constraints_of(dialect, name)? {
        if let Some(other) = first(others(), |other| constraint.uses(dialect, other))? {
            let (kind, constraint) = (constraint.kind(), &constraint.name);
            found.push(format!("the {kind} `{constraint}` also has the column `{other}`"));
        } else if dialect == Dialect::MariaDb && constraint.kind() == "foreign key" {
            found.push(format!(
                "MariaDB drops no column with a foreign key (`{}`)",
                constraint.name
            ));
        }
    }
    for statistics in table.statistics_of(name)? {
        found.push(format!("the statistics `{}` depend on it", statistics.name));
    }
    let owned = table.sequences.iter().filter(|(of, _)| own(of));
    if column.default.is_none() && column.identity.is_none() {
        found.extend(owned.map(|(_, sequence)| format!("the sequence {sequence} belongs to it")));
    }
    found.dedup();
    Ok(found)
}

/// Returns true if the column has a default that is the same value in each row.
fn has_value(column: &Column) -> bool {
    column.default_repeats && column.default.as_deref().is_some_and(|default| !is_null(default))
}

/// Returns true if a default is NULL.
pub(super) fn is_null(default: &str) -> bool {
    default.trim_matches(['(', ')', ' ']).eq_ignore_ascii_case("null")
}

fn first<'c>(
    columns: impl Iterator<Item = &'c Column>,
    uses: impl Fn(&str) -> Result<bool, Unreadable>,
) -> Result<Option<&'c str>, Unreadable> {
    for column in columns {
        if uses(&column.name)? {
            return Ok(Some(&column.name));
        }
    }
    Ok(None)
}
