//! The operator's settings for a copy, which another process gives.

use sea_orm::{ConnectionTrait, DbErr, Value};
use serde::{Deserialize, Serialize};

use super::metadata::shared;
use super::{now_ms, unreadable};
use crate::database::{Dialect, Fault, fault, get, row};
use crate::model::{ChangeName, ChangeRecord};

/// An operator's settings for a copy, given from another process, until the copy is finished. Where
/// a value is `None`, the settings of the run apply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Control {
    /// True if the copy is to wait between two batches.
    pub paused: bool,
    /// The maximum number of rows in one batch.
    pub batch_size: Option<u32>,
    /// The pause between two batches, in milliseconds.
    pub pause_ms: Option<u64>,
    /// The number of batches at the same time.
    pub workers: Option<u32>,
}

impl Control {
    /// Reads the stored text; without one, returns the default.
    ///
    /// # Errors
    /// The text was not written by [`set_control`].
    pub fn read(stored: Option<&str>) -> Result<Self, DbErr> {
        stored.map_or(Ok(Self::default()), |text| {
            serde_json::from_str(text).map_err(|error| unreadable("handover_backfills", error))
        })
    }
}

/// Reads the operator's settings for the copy of a change. The tables of an earlier release of
/// handover have no column for them; then returns the default.
///
/// # Errors
/// The database reports an error, or the stored text is not valid.
pub async fn control<C: ConnectionTrait>(
    connection: &C,
    name: &ChangeName,
) -> Result<Control, DbErr> {
    let sql = "SELECT control FROM handover_backfills WHERE change_name = $1";
    match get::<Option<String>, _, _>(connection, sql, [name.as_str().into()]).await {
        Ok(stored) => Control::read(stored.flatten().as_deref()),
        Err(error) if fault(&error) == Fault::UndefinedColumn => Ok(Control::default()),
        Err(error) => Err(error),
    }
}

/// Sets the operator's settings for the copy of a change, before or during the copy, if the change
/// is still in the state in which it was seen. Returns false if it is not.
///
/// # Errors
/// The database reports an error.
pub async fn set_control<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    seen: &ChangeRecord,
    control: Control,
) -> Result<bool, DbErr> {
    let now = now_ms(dialect);
    let (text, asked) = match dialect {
        Dialect::MariaDb => ("char", "ON DUPLICATE KEY UPDATE control = VALUES(control)"),
        Dialect::Sqlite | Dialect::Postgres => {
            ("text", "ON CONFLICT (change_name) DO UPDATE SET control = excluded.control")
        }
    };
    let sql = format!(
        "INSERT INTO handover_backfills \
         (change_name, rows_copied, rows_estimated, started_at, updated_at, control) \
         SELECT name, 0, 0, {now}, {now}, CAST($3 AS {text}) FROM handover_changes \
         WHERE name = $1 AND state = $2{} {asked} RETURNING change_name",
        shared(dialect)
    );
    let json =
        serde_json::to_string(&control).map_err(|error| unreadable("handover_backfills", error))?;
    let values: [Value; 3] = [seen.name.as_str().into(), seen.state.as_str().into(), json.into()];
    Ok(row(connection, &sql, values).await?.is_some())
}
