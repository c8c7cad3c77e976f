//! `read_to` to `contracted`: writes stop setting `from`, then it is dropped.
//!
//! PostgreSQL and MariaDB relax `from` first (`write_to`). SQLite cannot; it drops the copy instead and
//! renames the column itself, in one transaction: so every constraint, index, trigger, view and
//! foreign key on it stays as it was.

use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::align_columns::{carry, prove, prove_except};
use super::backfill::look_again;
use super::mariadb_keys::note_names;
use super::names_and_marks::move_names_and_marks;
use super::own_indexes;
use super::recorded_definition;
use super::survey::survey_for_copy;
use crate::database::Dialect;
use crate::database::catalog::{Column, Constraint, Table};
use crate::model::{ChangeRecord, Side, State};

/// How often the last step before a drop is tried again after somebody has changed the table.
const PASSES: usize = 4;

pub(super) async fn run(context: &Context<'_>) -> Result<(), StageError> {
    let mut seen = context.seen().await?;
    let mut left = PASSES;
    loop {
        let entered = match (seen.state, context.dialect().relaxes()) {
            (State::Contracted, _) => return Ok(()),
            (State::ReadTo, true) => relax(context, &seen).await,
            (State::ReadTo, false) => swap(context, &seen).await,
            (State::WriteTo, _) => drop_from(context, &seen).await,
            (other, _) => return Err(context.wrong_state(other)),
        };
        seen = match entered {
            // The table has changed since it was looked at: look at it again.
            Err(StageError::Lacks { .. }) if left > 0 => {
                left -= 1;
                seen
            }
            entered => entered?,
        };
    }
}

/// `read_to` to `write_to`: from then on, rows may be inserted without `from`, and its values can no
/// longer collide.
async fn relax(context: &Context<'_>, seen: &ChangeRecord) -> Result<ChangeRecord, StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let column = look_again(context).await?;
    carry(context, &rename.from, &rename.to, false).await?;
    let noted = note_names(context, &rename.from).await?;
    context.step(format!("relax `{}`", rename.from)).await;
    let name = &rename.table;
    if dialect == Dialect::MariaDb {
        context
            .fenced(Lock::Everyone, seen, async |transaction| {
                let table = context.table_within(transaction).await?;
                prove(context, &table, (&rename.from, &rename.to), false)?;
                steps::drop_guard(transaction, dialect, &context.change, Side::To).await?;
                let_go(context, transaction, &table, &noted).await
            })
            .await?;
        steps::relax(context, &rename.from, &column, None).await?;
        if !column.default_repeats {
            context
                .fenced(Lock::Everyone, seen, async |transaction| {
                    let default = column.default.as_deref();
                    steps::set_default(transaction, dialect, name, &rename.to, default).await
                })
                .await?;
        }
        return context.enter(Lock::Rows, seen, State::WriteTo, async |_| Ok(())).await;
    }
    context
        .enter(Lock::Everyone, seen, State::WriteTo, async |transaction| {
            let table = context.table_within(transaction).await?;
            prove(context, &table, (&rename.from, &rename.to), false)?;
            // Left over from a rollback; from now on writes set `to` alone.
            steps::drop_guard(transaction, dialect, &context.change, Side::To).await?;
            let_go(context, transaction, &table, &noted).await?;
            if let Some(identity) = &column.identity {
                let columns = (&rename.from, &rename.to);
                steps::move_identity(transaction, name, columns, identity).await?;
                return steps::drop_not_null(transaction, dialect, name, &rename.from).await;
            }
            steps::drop_not_null(transaction, dialect, name, &rename.from).await?;
            steps::set_default(transaction, dialect, name, &rename.from, None).await?;
            // From now on nobody sends this default.
            if !column.default_repeats {
                let default = column.default.as_deref();
                steps::set_default(transaction, dialect, name, &rename.to, default).await?;
            }
            Ok(())
        })
        .await
}

/// Moves the names and marks of `from` to `to`, and drops the objects on `from`.
async fn let_go(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    table: &Table,
    noted: &[Constraint],
) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    move_names_and_marks(context, transaction, table, (&rename.from, &rename.to), noted).await?;
    let (name, from) = (&rename.table, rename.from.as_str());
    // Read again: objects have other names now.
    let table = context.table_within(transaction).await?;
    steps::drop_constraints_of(transaction, dialect, name, &table, from).await?;
    if dialect == Dialect::Postgres {
        steps::drop_statistics_of(transaction, &table, from).await?;
    }
    steps::drop_indexes_of(transaction, dialect, name, &table, from).await
}

/// `write_to` to `contracted`.
async fn drop_from(context: &Context<'_>, seen: &ChangeRecord) -> Result<ChangeRecord, StageError> {
    let (dialect, change, rename) = (context.dialect(), &context.change, context.columns());
    if context.table().await?.column(dialect, rename.from.as_str()).is_some() {
        survey_for_copy(context, &rename.from, &rename.to).await?;
        carry(context, &rename.from, &rename.to, true).await?;
    }
    let noted = note_names(context, &rename.from).await?;
    context.step(format!("drop column `{}`", rename.from)).await;
    context
        .enter(Lock::Everyone, seen, State::Contracted, async |transaction| {
            let table = context.table_within(transaction).await?;
            prove(context, &table, (&rename.from, &rename.to), true)?;
            // The guard goes first: it names the column, so a write that fired it would fail.
            steps::drop_guard(transaction, dialect, change, Side::From).await?;
            steps::drop_guard(transaction, dialect, change, Side::To).await?;
            steps::drop_guard_function(transaction, dialect, change).await?;
            if table.column(dialect, rename.from.as_str()).is_some() {
                let_go(context, transaction, &table, &noted).await?;
            }
            steps::drop_column(transaction, dialect, &rename.table, &rename.from).await
        })
        .await
}

/// `read_to` to `contracted` where a column cannot be relaxed.
async fn swap(context: &Context<'_>, seen: &ChangeRecord) -> Result<ChangeRecord, StageError> {
    let (dialect, change, rename) = (context.dialect(), &context.change, context.columns());
    let column = look_again(context).await?;
    context.step(format!("drop the copy and rename `{}` to `{}`", rename.from, rename.to)).await;
    let name = &rename.table;
    context
        .enter(Lock::Everyone, seen, State::Contracted, async |transaction| {
            let table = context.table_within(transaction).await?;
            // The copy is the column that is dropped.
            let own = own_indexes::of_copy_alone(&table, rename).map_err(StageError::from)?;
            let made_again = own_indexes::statements(transaction, &own).await?;
            prove_except(context, &table, (&rename.to, &rename.from), false, &own)?;
            steps::compare(transaction, dialect, rename, &column).await?;
            steps::drop_guard(transaction, dialect, change, Side::From).await?;
            steps::drop_guard(transaction, dialect, change, Side::To).await?;
            let to = rename.to.as_str();
            steps::drop_indexes_of(transaction, dialect, name, &table, to).await?;
            steps::drop_column(transaction, dialect, name, &rename.to).await?;
            steps::rename_column(transaction, dialect, name, &rename.from, &rename.to).await?;
            for sql in made_again {
                transaction.execute_unprepared(&sql).await?;
            }
            Ok(())
        })
        .await
}

/// The table and the column that stays, as the catalog has them now.
pub(super) async fn stays(context: &Context<'_>) -> Result<(Table, Column), StageError> {
    let rename = context.columns();
    let table = survey_for_copy(context, &rename.to, &rename.from).await?;
    let column = recorded_definition::column(context, &table, &rename.to)?.clone();
    Ok((table, column))
}
