//! SQLite changes the type of the first column itself, in one transaction with the state, so that its
//! NOT NULL, its place and everything on it stay. Every row is written once more.

use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::super::context::{Context, Lock};
use super::super::rename::free_name;
use super::super::stage_error::StageError;
use super::super::steps;
use super::backfill::{compare_within, look_again};
use super::expand::{column_of, second_default};
use super::objects::prove;
use super::sqlite_definition;
use super::twins::Twins;
use crate::database::Dialect;
use crate::database::catalog::{Index, Table};
use crate::model::{ChangeRecord, Identifier, Side, State};

const DIALECT: Dialect = Dialect::Sqlite;

/// `read_to` to `announced`: the first column gets the type and the values of the second one, which is
/// dropped; and its name, by which every process knows the values.
pub(super) async fn swap(
    context: &Context<'_>,
    seen: &ChangeRecord,
) -> Result<ChangeRecord, StageError> {
    let (change, columns) = (&context.change, context.columns());
    let twins = Twins::recorded(context).await?;
    let table = look_again(context).await?;
    let column = column_of(context, &table, Side::From)?.clone();
    let default = second_default(context, &twins, &column).await?;
    let name = &columns.table;
    context.step(format!("change the type of `{}`", columns.from)).await;
    context
        .enter(Lock::Everyone, seen, State::Announced, async |transaction| {
            let table = context.table_within(transaction).await?;
            prove(context, &table, (&columns.from, &columns.to))?;
            compare_within(context, transaction, &twins).await?;
            for side in [Side::From, Side::To] {
                steps::drop_guard(transaction, DIALECT, change, side).await?;
            }
            let given = (twins.type_of(Side::To), default.as_deref());
            sqlite_definition::change(transaction, name, &columns.from, given).await?;
            exchange(transaction, context, &table, (&columns.from, &DIALECT.quote(&columns.to)))
                .await?;
            steps::drop_indexes_of(transaction, DIALECT, name, &table, columns.to.as_str()).await?;
            steps::drop_column(transaction, DIALECT, name, &columns.to).await?;
            steps::rename_column(transaction, DIALECT, name, &columns.from, &columns.to).await
        })
        .await
}

/// `announced` back to `read_to`: the column, which has the name of the second one, gets its name and its
/// type back, and a second column of the other type beside it.
pub(super) async fn swap_back(
    context: &Context<'_>,
    seen: &ChangeRecord,
) -> Result<ChangeRecord, StageError> {
    let (change, columns) = (&context.change, context.columns());
    let twins = Twins::recorded(context).await?;
    let noted = context.definition().await?;
    let before = Identifier::new(&noted.column.name).unwrap_or_else(|_| columns.from.clone());
    let default = second_default(context, &twins, &noted.column).await?;
    let second = twins.second(&noted.column, default.clone());
    let table = context.table().await?;
    let indexes = second_indexes(context, &table)?;
    let name = &columns.table;
    context.step(format!("change the type of `{before}` back")).await;
    context
        .enter(Lock::Everyone, seen, State::ReadTo, async |transaction| {
            steps::rename_column(transaction, DIALECT, name, &columns.to, &before).await?;
            steps::add_column(transaction, DIALECT, name, &columns.to, &second, true).await?;
            let (from, to) = (DIALECT.quote(&before), DIALECT.quote(&columns.to));
            fill(transaction, context, &columns.to, &from).await?;
            let given = (noted.column.sql_type.as_str(), noted.column.default.as_deref());
            sqlite_definition::change(transaction, name, &before, given).await?;
            let now = context.table_within(transaction).await?;
            let value = twins.value(Side::From, &to);
            exchange(transaction, context, &now, (&before, &value)).await?;
            for index in &indexes {
                steps::build_index_in(transaction, name, index).await?;
            }
            compare_within(context, transaction, &twins).await?;
            for side in [Side::From, Side::To] {
                let default = default.as_deref().filter(|_| side == Side::To);
                let watched = twins.watched(side, default);
                steps::put_guard_on(transaction, DIALECT, change, &watched, side).await?;
            }
            Ok(())
        })
        .await
}

/// Sets a column that has values already. Where it refuses duplicates, a row may get the value that another
/// row is about to give up, so each row gets a value first that no other row has.
async fn exchange(
    transaction: &DatabaseTransaction,
    context: &Context<'_>,
    table: &Table,
    (column, value): (&Identifier, &str),
) -> Result<(), StageError> {
    if table.indexes_of(DIALECT, column.as_str())?.iter().any(|index| index.unique) {
        fill(transaction, context, column, "randomblob(16)").await?;
    }
    fill(transaction, context, column, value).await
}

/// Sets a column in every row, without the app's triggers, and makes its indexes anew: they have the values
/// in the order of the earlier type.
async fn fill(
    transaction: &DatabaseTransaction,
    context: &Context<'_>,
    column: &Identifier,
    value: &str,
) -> Result<(), StageError> {
    let name = &context.columns().table;
    let (table, column) = (DIALECT.quote_table(name), DIALECT.quote(column));
    steps::without_triggers(transaction, DIALECT, name, async |transaction| {
        let sql = format!("UPDATE {table} SET {column} = {value}");
        transaction.execute_unprepared(&sql).await?;
        transaction.execute_unprepared(&format!("REINDEX {table}")).await?;
        Ok(())
    })
    .await
}

/// The indexes of the column, to be built on the second one under free names.
fn second_indexes(context: &Context<'_>, table: &Table) -> Result<Vec<Index>, StageError> {
    let columns = context.columns();
    let to = columns.to.as_str();
    let mut taken = table.names.clone();
    let mut indexes = Vec::new();
    for index in table.indexes_of(DIALECT, to)? {
        let name = free_name(DIALECT, &format!("{}_{to}_idx", columns.table.name), &taken);
        taken.push(name.clone());
        indexes.push(Index { name, ..index.clone() });
    }
    Ok(indexes)
}
