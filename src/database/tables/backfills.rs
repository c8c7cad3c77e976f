use sea_orm::{ConnectionTrait, DbErr, Value};

use super::now_ms;
use super::upsert::overwrite;
use crate::database::{Dialect, execute, row};
use crate::model::ChangeName;

/// One row of `handover_backfills`: how far a copy has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackfillRow {
    /// Where the walk is: the last key of the last batch, as JSON; none at the start.
    pub cursor: Option<String>,
    /// Rows that the copy has set so far.
    pub rows_copied: i64,
    /// Rows in the table when the copy began, as far as the database knew.
    pub rows_estimated: i64,
}

/// How far the copy of a change has come, if it has begun.
///
/// # Errors
/// Whatever the database reports.
pub async fn backfill<C: ConnectionTrait>(
    connection: &C,
    name: &ChangeName,
) -> Result<Option<BackfillRow>, DbErr> {
    let sql = "SELECT \"cursor\", rows_copied, rows_estimated FROM handover_backfills \
               WHERE change_name = $1";
    row(connection, sql, [name.as_str().into()])
        .await?
        .map(|row| {
            Ok(BackfillRow {
                cursor: row.try_get("", "cursor")?,
                rows_copied: row.try_get("", "rows_copied")?,
                rows_estimated: row.try_get("", "rows_estimated")?,
            })
        })
        .transpose()
}

/// Notes how far the copy has come, in the transaction of the batch.
///
/// # Errors
/// Whatever the database reports.
pub async fn save_backfill<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    name: &ChangeName,
    progress: &BackfillRow,
) -> Result<(), DbErr> {
    let now = now_ms(dialect);
    let sql = format!(
        "INSERT INTO handover_backfills \
         (change_name, \"cursor\", rows_copied, rows_estimated, started_at, updated_at) \
         VALUES ($1, $2, $3, $4, {now}, {now}) {}",
        overwrite(dialect, "change_name", &["\"cursor\"", "rows_copied", "updated_at"], None)
    );
    let values: [Value; 4] = [
        name.as_str().into(),
        progress.cursor.clone().into(),
        progress.rows_copied.into(),
        progress.rows_estimated.into(),
    ];
    execute(transaction, &sql, values).await?;
    Ok(())
}

/// Forgets the copy's progress: it is finished, or starts over.
///
/// # Errors
/// Whatever the database reports.
pub async fn clear_backfill<C: ConnectionTrait>(
    connection: &C,
    name: &ChangeName,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM handover_backfills WHERE change_name = $1";
    execute(connection, sql, [name.as_str().into()]).await?;
    Ok(())
}
