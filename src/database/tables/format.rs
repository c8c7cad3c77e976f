//! The format of the tables, and which of them the running processes understand.
//!
//! A process of an earlier version of handover does not know the states of every kind of change. So each
//! process records the format that it understands, and a change of a later format waits for those that
//! do not.

use sea_orm::{ConnectionTrait, DbErr};

use super::schema::FORMAT_VERSION;
use super::upgrade::{INSTANCES, has_column};
use super::{instances, now_ms};
use crate::database::{Dialect, execute, get, rows};
use crate::model::Instance;

const READS_FORMAT: &str = "reads_format";

/// Reads only the format version of the tables: nothing else is known about a later format.
///
/// # Errors
/// The database reports an error.
pub async fn format_version<C: ConnectionTrait>(connection: &C) -> Result<Option<i64>, DbErr> {
    get(connection, "SELECT format_version FROM handover_metadata", []).await
}

/// Records that the tables have this format from now on: an earlier version of the command refuses
/// them.
///
/// # Errors
/// The database reports an error.
pub async fn raise_format<C: ConnectionTrait>(connection: &C, format: i64) -> Result<(), DbErr> {
    let sql = "UPDATE handover_metadata SET format_version = $1 WHERE format_version < $1";
    execute(connection, sql, [format.into()]).await?;
    Ok(())
}

/// Records the format that an instance understands. Returns false if the tables of an earlier version
/// have no column for it yet.
///
/// # Errors
/// The database reports an error.
pub async fn record_format<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    id: &str,
) -> Result<bool, DbErr> {
    if !has_column(connection, dialect, INSTANCES, READS_FORMAT).await? {
        return Ok(false);
    }
    let sql = "UPDATE handover_instances SET reads_format = $2 WHERE id = $1";
    execute(connection, sql, [id.into(), FORMAT_VERSION.into()]).await?;
    Ok(true)
}

/// Reads the live instances that do not understand a format.
///
/// # Errors
/// The database reports an error.
pub async fn outdated<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    format: i64,
) -> Result<Vec<Instance>, DbErr> {
    let sql = format!(
        "SELECT id FROM handover_instances WHERE coalesce(reads_format, 1) < $1 AND expires_at > {}",
        now_ms(dialect)
    );
    let found = rows(connection, &sql, [format.into()]).await?;
    let ids: Vec<String> =
        found.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = instances::instances(connection, dialect).await?;
    all.retain(|instance| ids.contains(&instance.id));
    Ok(all)
}
