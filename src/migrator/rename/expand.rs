//! `pending` to `dual_write`: the column is added, and nothing else changes.

use sea_orm::DatabaseTransaction;

use super::super::context::{Context, Lock};
use super::super::new_name::{check_new_name, unfit_after_rehearsal};
use super::super::stage_error::StageError;
use super::super::steps;
use super::align_columns::prove;
use super::recorded_definition;
use super::survey::survey_for_copy;
use crate::database::catalog::{Column, ConstraintRule, Definition, Table};
use crate::database::tables;
use crate::database::{Dialect, execute};
use crate::model::{ChangeRecord, Release, Side, State};

pub(super) async fn run(context: &Context<'_>, release: &Release) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let known = context.recorded().await?;
    if known.as_ref().is_some_and(|row| row.state != State::Pending) {
        return Ok(());
    }
    let table = survey_for_copy(context, &rename.from, &rename.to).await?;
    let interrupted = match known {
        Some(row) if row.kind == context.declared.kind => interrupted(context, &table).await?,
        _ => None,
    };
    let definition = if let Some(definition) = interrupted {
        definition
    } else {
        check_new_name(dialect, context.declared.columns(), table.column_names())?;
        try_out(context, &table).await?;
        let definition = recorded_definition::describe(context, &table, &rename.from, None)?;
        recorded_definition::begin(context, release, Some(&definition)).await?;
        definition
    };
    let seen = context.seen().await?;
    context.step(format!("add column `{}`", rename.to)).await;
    let column = &definition.column;
    if dialect == Dialect::MariaDb && !column.properties.is_empty() {
        // Privileges need an existing column, and on MariaDB a session without locked tables.
        context
            .fenced(Lock::Everyone, &seen, async |transaction| {
                steps::add_column(transaction, dialect, &rename.table, &rename.to, column, true)
                    .await
            })
            .await?;
        context
            .transaction(Lock::Rows, async |transaction| give(context, transaction, column).await)
            .await?;
    }
    context
        .enter(Lock::Everyone, &seen, State::DualWrite, async |transaction| {
            steps::add_column(transaction, dialect, &rename.table, &rename.to, column, true)
                .await?;
            if dialect == Dialect::MariaDb {
                return Ok(());
            }
            give(context, transaction, column).await
        })
        .await?;
    Ok(())
}

async fn give(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    column: &Column,
) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let properties = &column.properties;
    steps::give_properties(transaction, dialect, &rename.table, &rename.to, properties).await
}

/// Tries the statements of this stage, of the contract and of its way back, in a transaction that is
/// rolled back: the database may know an obstacle that the catalog does not show.
pub(super) async fn try_out(context: &Context<'_>, table: &Table) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let column = recorded_definition::column(context, table, &rename.from)?;
    let (name, from, to) = (&rename.table, &rename.from, &rename.to);
    let tried = match dialect {
        Dialect::MariaDb => return Ok(()),
        Dialect::Sqlite => {
            context
                .rehearsed(Lock::Everyone, async |transaction| {
                    steps::rename_column(transaction, dialect, name, from, to).await?;
                    steps::rename_column(transaction, dialect, name, to, from).await?;
                    steps::add_column(transaction, dialect, name, to, column, true).await
                })
                .await
        }
        Dialect::Postgres => {
            context
                .rehearsed(Lock::Everyone, async |transaction| {
                    steps::add_column(transaction, dialect, name, to, column, true).await?;
                    give(context, transaction, column).await?;
                    try_expressions(context, transaction, table).await?;
                    for (_, sequence) in
                        table.sequences.iter().filter(|(own, _)| own == from.as_str())
                    {
                        let sql = format!("ALTER SEQUENCE {sequence} OWNED BY NONE");
                        execute(transaction, &sql, []).await?;
                    }
                    if column.identity.is_some() {
                        steps::drop_identity(transaction, name, from).await?;
                    }
                    steps::drop_column(transaction, dialect, name, from).await
                })
                .await
        }
    };
    tried.map_err(|error| unfit_after_rehearsal(context.declared.columns(), from, error))
}

/// Lets the database read the expressions of indexes and checks as those of the copy, without rows.
async fn try_expressions(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    table: &Table,
) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let (from, to) = (rename.from.as_str(), rename.to.as_str());
    let mut expressions = Vec::new();
    for index in table.indexes_of(dialect, from)? {
        let twin = index.on(dialect, from, to)?;
        expressions.extend(twin.columns.into_iter().filter_map(|part| part.expression));
        expressions.extend(twin.predicate);
    }
    for constraint in table.constraints_of(dialect, from)? {
        if let ConstraintRule::Check { expression, .. } = constraint.on(dialect, from, to)?.rule {
            expressions.push(expression);
        }
    }
    let name = dialect.quote_table(&rename.table);
    for sql in expressions {
        execute(transaction, &format!("SELECT ({sql}) FROM {name} LIMIT 0"), []).await?;
    }
    Ok(())
}

/// The note of a run that was interrupted after it had added the column and before it had published
/// that. Only possible where schema changes commit by themselves. An undone change has no note.
async fn interrupted(
    context: &Context<'_>,
    table: &Table,
) -> Result<Option<Definition>, StageError> {
    if context.dialect().rolls_back_ddl() {
        return Ok(None);
    }
    let note = tables::definition(context.database.connection(), &context.change.name).await?;
    let noted = note.and_then(|note| serde_json::from_str::<Definition>(&note).ok());
    let added = table.column(context.dialect(), context.columns().to.as_str());
    Ok(noted.filter(|noted| added.is_some_and(|added| added.sql_type == noted.column.sql_type)))
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let mut seen = context.seen().await?;
    if seen.state == State::DualWrite {
        prove(context, &context.table().await?, (&rename.to, &rename.from), true)?;
        seen = context
            .enter(Lock::Everyone, &seen, State::Pending, async |transaction| {
                // From now on writes set `from` alone.
                steps::drop_guard(transaction, dialect, &context.change, Side::From).await
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
    // Otherwise a column that somebody adds later would count as that of an interrupted run.
    recorded_definition::begin(context, &seen.expand_release, None).await
}

/// Drops the copy, if the catalog shows that `from` has everything that the copy has.
async fn drop_to(context: &Context<'_>, seen: &ChangeRecord) -> Result<(), StageError> {
    let (dialect, change, rename) = (context.dialect(), &context.change, context.columns());
    context.step(format!("drop column `{}`", rename.to)).await;
    context
        .fenced(Lock::Everyone, seen, async |transaction| {
            let table = context.table_within(transaction).await?;
            prove(context, &table, (&rename.to, &rename.from), true)?;
            steps::drop_guard(transaction, dialect, change, Side::To).await?;
            steps::drop_guard_function(transaction, dialect, change).await?;
            let (name, to) = (&rename.table, rename.to.as_str());
            steps::drop_constraints_of(transaction, dialect, name, &table, to).await?;
            steps::drop_indexes_of(transaction, dialect, name, &table, to).await?;
            steps::drop_column(transaction, dialect, name, &rename.to).await
        })
        .await
}
