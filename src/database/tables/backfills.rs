use sea_orm::{ConnectionTrait, DbErr, Value};

use super::now_ms;
use super::upsert::overwrite;
use crate::database::{Dialect, execute, row, table};
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

/// Copies of fewer rows say nothing of how fast a long one is.
const TELLING_ROWS: i64 = 10_000;

/// Rows a second of the copies that are under way or were interrupted, if they have come far enough
/// to tell. Time that an interrupted one rested counts, so it is rather too low than too high.
///
/// # Errors
/// Whatever the database reports.
#[expect(clippy::cast_precision_loss, reason = "an estimate needs no 53 bits")]
pub async fn copied_rate<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Option<f64>, DbErr> {
    let columns = "rows_copied, started_at, updated_at";
    let copies: Vec<(i64, i64, i64)> =
        table(connection, dialect, columns, "handover_backfills").await?;
    let (rows, milliseconds) = copies
        .into_iter()
        .filter(|(rows, started, updated)| *rows >= TELLING_ROWS && updated > started)
        .fold((0.0, 0.0), |(sum, took), (rows, started, updated)| {
            (sum + rows as f64, took + (updated - started) as f64)
        });
    Ok((milliseconds > 0.0).then(|| rows / (milliseconds / 1000.0)))
}
