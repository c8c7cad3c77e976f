//! `pending` to `contracted`: the database changes the type of the column itself, at once.

use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::obstacles::unfit;
use super::record::note;
use super::twins::Twins;
use super::{at_once, at_once_obstacles, sqlite_definition};
use crate::database::catalog::{Column, Property, Table};
use crate::database::{Dialect, execute, plain};
use crate::model::{ChangeRecord, Conversion, Side, State};

/// Changes the type of the column itself, and proves that everything else on the table stays as it is. Returns
/// the reason for which MariaDB does not do it at once, if it does not.
pub(super) async fn change_at_once(
    context: &Context<'_>,
    seen: &ChangeRecord,
    twins: &Twins,
    (before, column): (&Table, &Column),
) -> Result<Option<String>, StageError> {
    let (dialect, columns) = (context.dialect(), context.columns());
    let (own, other) = (twins.type_of(Side::From), twins.type_of(Side::To));
    context.step(format!("change `{}` from {own} to {other}, at once", columns.from)).await;
    let changed = context
        .enter(Lock::Everyone, seen, State::Contracted, async |transaction| {
            set_type(context, transaction, twins, column).await?;
            let after = context.table_within(transaction).await?;
            match at_once_obstacles::differences(dialect, (before, &after), column) {
                changed if changed.is_empty() => Ok(()),
                changed => Err(unfit(context, &columns.from, changed)),
            }
        })
        .await;
    match changed {
        Ok(_) => {
            steps::analyze(context, &columns.from).await?;
            Ok(None)
        }
        Err(StageError::Database(error))
            if dialect == Dialect::MariaDb && !StageError::is_lock(&error) =>
        {
            Ok(Some(format!("MariaDB does not do it at once: {}", plain(&error.to_string()))))
        }
        Err(StageError::Database(error)) if error.to_string().contains("statement timeout") => {
            let what = "PostgreSQL did not do it within 2 s, so it is not done at once".to_owned();
            Err(unfit(context, &columns.from, vec![what]))
        }
        Err(error) => Err(error),
    }
}

async fn set_type(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    twins: &Twins,
    column: &Column,
) -> Result<(), StageError> {
    let (columns, to_type) = (context.columns(), twins.type_of(Side::To));
    let name = &columns.table;
    match context.dialect() {
        Dialect::Sqlite => {
            sqlite_definition::change(transaction, name, &columns.from, (to_type, None)).await
        }
        Dialect::Postgres => {
            let Some(sql) = at_once::statement(twins, column) else { return Ok(()) };
            // If it reads the rows after all, nobody has to wait for that.
            execute(transaction, "SET LOCAL statement_timeout = '2s'", []).await?;
            execute(transaction, &sql, []).await?;
            execute(transaction, "SET LOCAL statement_timeout = 0", []).await?;
            // The column has got the storage of its type.
            let lost: Vec<Property> =
                column.properties.iter().filter(|own| is_of_type(own)).cloned().collect();
            let dialect = Dialect::Postgres;
            steps::give_properties(transaction, dialect, name, &columns.from, &lost).await
        }
        Dialect::MariaDb => {
            let like = Column { sql_type: to_type.to_owned(), ..column.clone() };
            let sql = steps::modify_at_once(name, &columns.from, &like);
            transaction.execute_unprepared(&sql).await?;
            Ok(())
        }
    }
}

const fn is_of_type(property: &Property) -> bool {
    matches!(property, Property::Storage(_) | Property::Compression(_))
}

/// The wider type stays, because every value of the earlier one fits: to make it narrow again would mean
/// to read or write every row. SQLite changes its text back.
pub(super) async fn undo_at_once(
    context: &Context<'_>,
    seen: &ChangeRecord,
    conversion: &Conversion,
) -> Result<(), StageError> {
    let columns = context.columns();
    if seen.state == State::Pending {
        return Ok(());
    }
    let Conversion { from_type, to_type, .. } = conversion;
    let narrows = context.dialect() == Dialect::Sqlite;
    context
        .step(if narrows {
            format!("change `{}` from {to_type} to {from_type}, at once", columns.from)
        } else {
            format!("leave `{}` as {to_type}, which holds every {from_type}", columns.from)
        })
        .await;
    let lock = if narrows { Lock::Everyone } else { Lock::Rows };
    context
        .enter(lock, seen, State::Pending, async |transaction| {
            if narrows {
                let (name, given) = (&columns.table, (from_type.as_str(), None));
                sqlite_definition::change(transaction, name, &columns.from, given).await?;
            }
            Ok(())
        })
        .await?;
    if context.dialect().rolls_back_ddl() {
        return Ok(());
    }
    note(context, &seen.expand_release, conversion, None).await
}
