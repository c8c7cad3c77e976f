//! `pending` to `contracted`: the database changes the type of the column itself, at once.

use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::record::note;
use super::twins::Twins;
use super::{at_once, sqlite_definition};
use crate::database::catalog::Column;
use crate::database::{Dialect, execute};
use crate::model::{ChangeRecord, Conversion, Side, State};

/// Changes the type of the column itself. Returns false if MariaDB does not have it at once.
pub(super) async fn change_at_once(
    context: &Context<'_>,
    seen: &ChangeRecord,
    twins: &Twins,
    column: &Column,
) -> Result<bool, StageError> {
    let (dialect, columns) = (context.dialect(), context.columns());
    let (own, other) = (twins.type_of(Side::From), twins.type_of(Side::To));
    context.step(format!("change `{}` from {own} to {other}, at once", columns.from)).await;
    let changed = context
        .enter(Lock::Everyone, seen, State::Contracted, async |transaction| {
            set_type(context, transaction, twins, column).await
        })
        .await;
    match changed {
        Ok(_) => Ok(true),
        Err(StageError::Database(error))
            if dialect == Dialect::MariaDb && !StageError::is_lock(&error) =>
        {
            tracing::info!(%error, "the type cannot be changed at once");
            Ok(false)
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
    match context.dialect() {
        Dialect::Sqlite => {
            let (name, given) = (&columns.table, (to_type, None));
            sqlite_definition::change(transaction, name, &columns.from, given).await
        }
        Dialect::Postgres => {
            if let Some(sql) = at_once::statement(twins) {
                execute(transaction, &sql, []).await?;
            }
            Ok(())
        }
        Dialect::MariaDb => {
            let like = Column { sql_type: to_type.to_owned(), ..column.clone() };
            let sql = steps::modify_at_once(&columns.table, &columns.from, &like);
            transaction.execute_unprepared(&sql).await?;
            Ok(())
        }
    }
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
