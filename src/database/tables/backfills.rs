//! `handover_backfills`: the progress of each copy.

use sea_orm::{ConnectionTrait, DbErr, Value};

use super::metadata::shared;
use super::{Control, Fenced, control, now_ms};
use crate::database::{Dialect, execute, row, table};
use crate::model::{ChangeName, ChangeRecord};

/// One row of `handover_backfills`: the progress of a copy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackfillRow {
    /// The last key of the last batch, as JSON; `None` at the start.
    pub cursor: Option<String>,
    /// The number of rows that the copy has set so far.
    pub rows_copied: i64,
    /// The estimated number of rows in the table when the copy began.
    pub rows_estimated: i64,
    /// The operator's settings for it.
    pub control: Control,
}

/// Reads the progress of the copy of a change and the operator's settings for it; `None` if there
/// is neither.
///
/// # Errors
/// The database reports an error, or the settings cannot be read.
pub async fn backfill<C: ConnectionTrait>(
    connection: &C,
    name: &ChangeName,
) -> Result<Option<BackfillRow>, DbErr> {
    let columns = "\"cursor\", rows_copied, rows_estimated";
    let sql = format!("SELECT {columns} FROM handover_backfills WHERE change_name = $1");
    let Some(found) = row(connection, &sql, [name.as_str().into()]).await? else {
        return Ok(None);
    };
    Ok(Some(BackfillRow {
        cursor: found.try_get("", "cursor")?,
        rows_copied: found.try_get("", "rows_copied")?,
        rows_estimated: found.try_get("", "rows_estimated")?,
        control: control(connection, name).await?,
    }))
}

/// The record of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The last key of the batch, as JSON; `None` at the end of the table.
    pub cursor: Option<String>,
    /// The number of rows that this batch has set.
    pub copied: u64,
    /// The estimated number of rows in the table when the copy began.
    pub estimated: i64,
}

/// Records a batch in its transaction, if the change is still in the state and epoch in which it
/// was seen, and keeps it there until the transaction ends. Returns the operator's settings for the
/// copy: see [`Control`](super::Control).
///
/// # Errors
/// The outer error if the database reports one; the inner error if another runner has moved the
/// change.
pub async fn note_batch<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    seen: &ChangeRecord,
    batch: &Batch,
) -> Result<Result<Option<String>, Fenced>, DbErr> {
    let now = now_ms(dialect);
    let (text, number) = match dialect {
        Dialect::Postgres => ("text", "bigint"),
        Dialect::Sqlite => ("text", "integer"),
        Dialect::MariaDb => ("char", "signed"),
    };
    let noted = match dialect {
        Dialect::MariaDb => {
            "ON DUPLICATE KEY UPDATE \"cursor\" = VALUES(\"cursor\"), \
             rows_copied = handover_backfills.rows_copied + VALUES(rows_copied), \
             updated_at = VALUES(updated_at)"
        }
        Dialect::Sqlite | Dialect::Postgres => {
            "ON CONFLICT (change_name) DO UPDATE SET \"cursor\" = excluded.\"cursor\", \
             rows_copied = handover_backfills.rows_copied + excluded.rows_copied, \
             updated_at = excluded.updated_at"
        }
    };
    let sql = format!(
        "INSERT INTO handover_backfills \
         (change_name, \"cursor\", rows_copied, rows_estimated, started_at, updated_at) \
         SELECT name, CAST($4 AS {text}), CAST($5 AS {number}), CAST($6 AS {number}), {now}, {now} \
         FROM handover_changes WHERE name = $1 AND state = $2 AND epoch = $3{} {noted} \
         RETURNING control",
        shared(dialect)
    );
    let values: [Value; 6] = [
        seen.name.as_str().into(),
        seen.state.as_str().into(),
        seen.epoch.cast_signed().into(),
        batch.cursor.clone().into(),
        i64::try_from(batch.copied).unwrap_or(i64::MAX).into(),
        batch.estimated.into(),
    ];
    Ok(match row(transaction, &sql, values).await? {
        Some(row) => Ok(row.try_get_by_index(0)?),
        None => Err(Fenced { name: seen.name.clone(), expected: seen.state, epoch: seen.epoch }),
    })
}

/// Records that a copy begins, if it has a row: a copy that was paused before it began has not been
/// copying since then.
///
/// # Errors
/// The database reports an error.
pub async fn begin_backfill<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    name: &ChangeName,
    estimated: i64,
) -> Result<(), DbErr> {
    let now = now_ms(dialect);
    let sql = format!(
        "UPDATE handover_backfills SET started_at = {now}, rows_estimated = $2 \
         WHERE change_name = $1 AND \"cursor\" IS NULL"
    );
    execute(connection, &sql, [name.as_str().into(), estimated.into()]).await?;
    Ok(())
}

/// Resets the position of the copy, so that it starts over; the operator's settings stay.
///
/// # Errors
/// The database reports an error.
pub async fn rewind_backfill<C: ConnectionTrait>(
    connection: &C,
    name: &ChangeName,
) -> Result<(), DbErr> {
    let sql = "UPDATE handover_backfills SET \"cursor\" = NULL WHERE change_name = $1";
    execute(connection, sql, [name.as_str().into()]).await?;
    Ok(())
}

/// Removes the record of a copy that has finished.
///
/// # Errors
/// The database reports an error.
pub async fn clear_backfill<C: ConnectionTrait>(
    connection: &C,
    name: &ChangeName,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM handover_backfills WHERE change_name = $1";
    execute(connection, sql, [name.as_str().into()]).await?;
    Ok(())
}

/// The minimum number of rows of a copy for a useful estimate of its rate.
const TELLING_ROWS: i64 = 10_000;

/// The rows per second of the copies that are running or were interrupted, if they have copied
/// enough rows to tell. The time for which a copy was interrupted counts, so the rate is rather too
/// low than too high.
///
/// # Errors
/// The database reports an error.
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
