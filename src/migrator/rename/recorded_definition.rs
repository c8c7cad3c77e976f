//! The migrator's note of a column, in the record of its change.

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use crate::database::catalog::{Column, Constraint, Definition, Index, Table};
use crate::database::{Dialect, tables};
use crate::model::{ChangeRecord, ComputedDefault, Identifier, Release, State};

/// The note of `source` as it is now, and of those of its counterparts that have been built so far.
/// What `before` allows stays allowed; on MariaDB its constraints stay too, because the name of a
/// foreign key that an interrupted run has dropped stands nowhere else.
pub(super) fn describe(
    context: &Context<'_>,
    table: &Table,
    source: &Identifier,
    before: Option<&Definition>,
) -> Result<Definition, StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let name = source.as_str();
    let column = column(context, table, source)?.clone();
    let owned = |indexes: Vec<&Index>| indexes.into_iter().cloned().collect::<Vec<_>>();
    let twins = if source == &rename.from {
        owned(table.indexes_of(dialect, rename.to.as_str())?)
    } else {
        owned(table.indexes_of(dialect, rename.from.as_str())?)
    };
    let mut allowed = before.map(|before| before.allowed.clone()).unwrap_or_default();
    add_missing(&mut allowed, context.allowed.iter().cloned());
    let mut constraints: Vec<Constraint> =
        table.constraints_of(dialect, name)?.into_iter().cloned().collect();
    if let (Dialect::MariaDb, Some(before)) = (dialect, before) {
        add_missing(&mut constraints, before.constraints.iter().cloned());
    }
    Ok(Definition {
        column,
        indexes: owned(table.indexes_of(dialect, name)?),
        twins,
        schema: (dialect == Dialect::Postgres).then(|| table.schema.clone()),
        constraints,
        allowed,
    })
}

/// Adds what is not in the list yet. Returns true if there was something to add.
pub(super) fn add_missing<T: PartialEq>(
    list: &mut Vec<T>,
    more: impl IntoIterator<Item = T>,
) -> bool {
    let before = list.len();
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
    list.len() > before
}

/// The column as the catalog has it now.
pub(super) fn column<'t>(
    context: &Context<'_>,
    table: &'t Table,
    name: &Identifier,
) -> Result<&'t Column, StageError> {
    table.column(context.dialect(), name.as_str()).ok_or_else(|| StageError::NoColumn {
        table: context.declared.columns().table.clone(),
        column: name.clone(),
    })
}

/// Notes that the change begins, with everything that has to be carried over; without a definition,
/// that it has not begun.
pub(super) async fn begin(
    context: &Context<'_>,
    release: &Release,
    definition: Option<&Definition>,
) -> Result<(), StageError> {
    let note = match definition {
        Some(definition) => serde_json::to_string(definition)?,
        None => "{}".to_owned(),
    };
    let computed_default = definition.and_then(|Definition { column, .. }| {
        let sql = column.default.clone().filter(|_| !column.default_repeats)?;
        let numbering = column.identity.as_ref().map(|identity| identity.numbering);
        Some(ComputedDefault { sql, not_null: column.not_null, numbering })
    });
    let change = ChangeRecord {
        name: context.change.name.clone(),
        app: context.app().cloned(),
        kind: context.declared.kind.clone(),
        expand_release: release.clone(),
        state: State::Pending,
        epoch: 0,
        computed_default,
        conversion: None,
    };
    context
        .transaction(Lock::Rows, async |transaction| {
            Ok(tables::insert_change(transaction, context.dialect(), &change, &note).await?)
        })
        .await
}

/// Notes the column as it is now.
pub(super) async fn renew(
    context: &Context<'_>,
    definition: &Definition,
) -> Result<(), StageError> {
    let note = serde_json::to_string(definition)?;
    context
        .transaction(Lock::Rows, async |transaction| {
            Ok(tables::renew_definition(transaction, &context.change.name, &note).await?)
        })
        .await
}
