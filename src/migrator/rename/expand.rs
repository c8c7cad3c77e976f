//! `pending` to `dual_write`: the column is added, and nothing else changes.

use super::super::stage::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use crate::database::Dialect;
use crate::database::catalog::{Definition, Index, Table, stands_alone};
use crate::database::tables::{self, ChangeRow};
use crate::model::{ComputedDefault, Identifier, Release, Rename, Side, State};

pub(super) async fn run(context: &Context<'_>, release: &Release) -> Result<(), StageError> {
    let (dialect, change, rename) = (context.dialect(), context.change, context.rename());
    let connection = context.database.connection();
    let known = tables::change(connection, dialect, &change.name).await?;
    if known.as_ref().is_some_and(|row| row.state != State::Pending) {
        return Ok(());
    }
    let table = context.table().await?;
    let interrupted = match known {
        Some(row) if row.rename == *rename => interrupted(context, &table).await?,
        _ => None,
    };
    let definition = if let Some(definition) = interrupted {
        definition
    } else {
        let definition = examine(&table, dialect, rename)?;
        note(context, release, Some(&definition)).await?;
        definition
    };
    let seen = context.seen().await?;
    context.step(format!("add column `{}`", rename.to)).await;
    context
        .enter(Lock::Everyone, &seen, State::DualWrite, async |transaction| {
            let column = &definition.column;
            steps::add_column(transaction, dialect, &rename.table, &rename.to, column, true).await
        })
        .await?;
    Ok(())
}

/// Notes the change, with what has to be carried over.
async fn note(
    context: &Context<'_>,
    release: &Release,
    definition: Option<&Definition>,
) -> Result<(), StageError> {
    let (dialect, name, rename) = (context.dialect(), &context.change.name, context.rename());
    let note = match definition {
        Some(definition) => serde_json::to_string(definition)?,
        None => "{}".to_owned(),
    };
    let computed = definition.and_then(|Definition { column, .. }| {
        let sql = column.default.clone().filter(|_| !column.default_repeats)?;
        Some(ComputedDefault { sql, not_null: column.not_null })
    });
    let computed = computed.as_ref();
    context
        .transaction(Lock::Rows, async |transaction| {
            let (note, release) = (note.as_str(), release);
            tables::insert_change(transaction, dialect, name, rename, release, note, computed)
                .await?;
            Ok(())
        })
        .await
}

/// What a run noted that was cut short when it had added the column and had not published that:
/// where schema changes commit by themselves. A change that was undone has no note.
async fn interrupted(
    context: &Context<'_>,
    table: &Table,
) -> Result<Option<Definition>, StageError> {
    if context.dialect().rolls_back_ddl() {
        return Ok(None);
    }
    let note = tables::definition(context.database.connection(), &context.change.name).await?;
    let noted = note.and_then(|note| serde_json::from_str::<Definition>(&note).ok());
    let added = table.column(context.dialect(), context.rename().to.as_str());
    Ok(noted.filter(|noted| {
        added.is_some_and(|added| added.sql_type == noted.column.sql_type && !added.not_null)
    }))
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.rename());
    let mut seen = context.seen().await?;
    if seen.state == State::DualWrite {
        seen = context
            .enter(Lock::Everyone, &seen, State::Pending, async |transaction| {
                // From now on writes set `from` alone.
                steps::drop_guard(transaction, dialect, context.change, Side::From).await
            })
            .await?;
    }
    if seen.state != State::Pending {
        return Err(context.wrong_state(seen.state));
    }
    if context.table().await?.column(dialect, rename.to.as_str()).is_some() {
        drop_to(context, &seen).await?;
    }
    if dialect.rolls_back_ddl() {
        return Ok(());
    }
    // Else a column that somebody adds later would be taken for that of an interrupted run.
    note(context, &seen.expand_release, None).await
}

async fn drop_to(context: &Context<'_>, seen: &ChangeRow) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.rename());
    let definition = context.definition().await?;
    context.step(format!("drop column `{}`", rename.to)).await;
    context
        .fenced(Lock::Everyone, seen, async |transaction| {
            steps::drop_guard(transaction, dialect, context.change, Side::To).await?;
            steps::drop_guard_function(transaction, dialect, context.change).await?;
            steps::drop_indexes(transaction, dialect, &rename.table, &definition.twins).await?;
            steps::drop_column(transaction, dialect, &rename.table, &rename.to).await
        })
        .await
}

/// Notes what has to be carried over, or says what stands in the way. Nothing has been done yet.
fn examine(table: &Table, dialect: Dialect, rename: &Rename) -> Result<Definition, StageError> {
    let unfit = |reason: String| StageError::Unfit {
        table: rename.table.clone(),
        column: rename.from.clone(),
        reason,
    };
    for name in [&rename.from, &rename.to] {
        if let Some(limit) = dialect.max_name_length()
            && dialect.name_length(name.as_str()) > limit
        {
            return Err(StageError::NameTooLong { name: name.clone(), limit, dialect });
        }
    }
    if let Some(reason) = &table.unfit {
        return Err(unfit(reason.clone()));
    }
    let exists = |column: &Identifier| table.column(dialect, column.as_str()).is_some();
    let Some(column) = table.column(dialect, rename.from.as_str()) else {
        let (table, column) = (rename.table.clone(), rename.from.clone());
        return Err(StageError::NoColumn { table, column });
    };
    if exists(&rename.to) {
        let (table, column) = (rename.table.clone(), rename.to.clone());
        return Err(StageError::ColumnExists { table, column });
    }
    if column.computed {
        return Err(unfit("the database computes its values".to_owned()));
    }
    if let Some(default) = column.default.as_deref().filter(|_| !column.default_repeats)
        && !stands_alone(dialect, default)
    {
        return Err(unfit(format!("its default `{default}` names other columns or a sequence")));
    }
    let dependents: Vec<&str> = table
        .dependents
        .iter()
        .filter(|(column, _)| dialect.same_column(column, rename.from.as_str()))
        .map(|(_, object)| object.as_str())
        .collect();
    if !dependents.is_empty() {
        return Err(unfit(format!("these depend on it: {}", dependents.join(", "))));
    }
    let indexes = table.indexes_of(dialect, rename.from.as_str());
    let odd = |index: &&Index| index.unique && !index.plain;
    if let Some(index) = indexes.iter().find(odd) {
        return Err(unfit(format!("the unique index `{}` is partial", index.name)));
    }
    let twins = steps::twin_indexes(dialect, rename, &indexes, &table.names);
    Ok(Definition { column: column.clone(), indexes, twins })
}
