//! The column as it is now, and the obstacles to dropping it: everything that needs it.

use sea_orm::DatabaseTransaction;

use super::super::allowed_objects;
use super::super::context::{Context, Lock};
use super::super::new_name::check_new_name;
use super::super::stage_error::StageError;
use super::super::steps;
use super::empty_copy::try_on_empty_copy;
use super::found::Found;
use super::{left_out, obstacles, trial_row};
use crate::database::catalog::{Column, Table};
use crate::database::{Dialect, explained};
use crate::model::{ColumnPair, Identifier, State};
use crate::plan::Obstacle;

/// The table, and the column under the name that it has now.
struct Present {
    table: Table,
    found: Found,
    name: Identifier,
}

/// Looks at the table, and refuses what would be lost or break without the column. `None` if nothing is left
/// for the purge to delete. Changes nothing.
pub(super) async fn survey(context: &Context<'_>) -> Result<Option<Found>, StageError> {
    let ColumnPair { table: declared, from, .. } = context.declared.columns();
    let recorded = context.known_state().await?;
    let allowed = allowed_objects::declared(context).await?;
    let looked = context
        .reading(async |transaction| look(context, transaction, recorded, &allowed).await)
        .await?;
    let Some((present, mut obstacles)) = looked else { return Ok(None) };
    if obstacles.is_empty() {
        obstacles.extend(tried(context, &present, recorded).await?.map(Obstacle::hard));
    }
    if obstacles.is_empty() {
        return Ok(Some(present.found));
    }
    Err(StageError::Needed { table: declared.clone(), column: from.clone(), obstacles })
}

async fn look(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    recorded: State,
    allowed: &[String],
) -> Result<Option<(Present, Vec<Obstacle>)>, StageError> {
    let (dialect, ColumnPair { from, to, .. }) = (context.dialect(), context.columns());
    let table = context.table_within(transaction).await?;
    let Some((column, name)) = present(context, &table, recorded)? else { return Ok(None) };
    if recorded == State::Pending {
        check_new_name(dialect, context.declared.columns(), table.column_names())?;
    }
    let schema = (dialect == Dialect::Postgres).then(|| table.schema.clone());
    let found = Found { schema, column: column.clone() };
    let other = if name == from { to } else { from };
    let names = (name, other);
    let mut obstacles =
        obstacles::obstacles(context, transaction, (&table, &found), names, allowed).await?;
    if recorded == State::Pending {
        let path = &context.columns().table;
        let refused = left_out::refusals(transaction, dialect, (path, &table), name).await?;
        obstacles.extend(refused.into_iter().map(Obstacle::hard));
    }
    Ok(Some((Present { name: name.clone(), table, found }, obstacles)))
}

/// The error that somebody has dropped the column.
pub(super) fn gone(context: &Context<'_>) -> StageError {
    let ColumnPair { table, from, .. } = context.declared.columns().clone();
    let quoted = (context.dialect().quote_table(&table), context.dialect().quote(&from));
    StageError::Gone { table, column: from, quoted }
}

/// The column, and the name that it has now. `None` if nothing is left for the purge to delete: on MariaDB
/// an interrupted one has done so, or somebody else has.
fn present<'t>(
    context: &'t Context<'_>,
    table: &'t Table,
    recorded: State,
) -> Result<Option<(&'t Column, &'t Identifier)>, StageError> {
    let (dialect, ColumnPair { from, to, .. }) = (context.dialect(), context.columns());
    let declared = || context.declared.columns().table.clone();
    let has = |name: &'t Identifier| Some((table.column(dialect, name.as_str())?, name));
    // In between two states, an interrupted run has put it aside, or not yet.
    let present = match recorded {
        State::Pending => has(from),
        State::Ignored if has(from).is_some() && has(to).is_some() => {
            return Err(StageError::ColumnExists { table: declared(), column: to.clone() });
        }
        _ => has(to).or_else(|| has(from)),
    };
    match (present, recorded) {
        (None, State::Contracted) => Ok(None),
        (None, State::Pending) => {
            Err(StageError::NoColumn { table: declared(), column: from.clone() })
        }
        (None, _) => Err(gone(context)),
        (present, _) => Ok(present),
    }
}

/// Returns the database's reason not to drop the column, or not to accept rows without it, if it has one
/// that the catalog does not show.
async fn tried(
    context: &Context<'_>,
    present: &Present,
    recorded: State,
) -> Result<Option<String>, StageError> {
    match context.dialect() {
        Dialect::Sqlite => try_on_empty_copy(context, &present.name, &present.found).await,
        Dialect::MariaDb => Ok(None),
        Dialect::Postgres => {
            let tried = context
                .rehearsed(Lock::Everyone, async |transaction| {
                    try_in(context, transaction, present, recorded).await
                })
                .await;
            match tried {
                Err(StageError::Database(error)) if !StageError::is_lock(&error) => {
                    let said = explained(&error);
                    Ok(Some(format!("the database does not let it be done: {said}")))
                }
                // A session that holds the table just now says nothing about the schema.
                Err(error) if error.is_missed_lock() => Ok(None),
                tried => tried.map(|()| None),
            }
        }
    }
}

/// Tries what the stages do, in a transaction that is rolled back (PostgreSQL).
async fn try_in(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    present: &Present,
    recorded: State,
) -> Result<(), StageError> {
    let (dialect, table) = (Dialect::Postgres, &context.columns().table);
    let Present { table: looked, found, name } = present;
    if recorded == State::Pending {
        if found.needs_relaxing() {
            steps::drop_not_null(transaction, dialect, table, name).await?;
        }
        let refused = trial_row::try_row(context, transaction, (looked, &found.column)).await?;
        if let Some(reason) = refused {
            let ColumnPair { table, from, .. } = context.declared.columns().clone();
            let obstacles = vec![Obstacle::hard(reason)];
            return Err(StageError::Needed { table, column: from, obstacles });
        }
    }
    steps::drop_column(transaction, dialect, table, name).await
}
