//! The client of each instance: the role and the address from which it registered.

use sea_orm::{ConnectionTrait, DbErr};

#[cfg(feature = "migrate")]
use super::now_ms;
use super::upgrade::{INSTANCES, has_column};
#[cfg(feature = "migrate")]
use crate::database::rows;
use crate::database::{Dialect, execute};
use crate::model::Client;

const COLUMN: &str = "client";

/// Records the client of an instance. Returns false if the tables of an earlier version have no column for
/// it yet.
///
/// # Errors
/// The database reports an error.
pub async fn record_client<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    id: &str,
    client: &Client,
) -> Result<bool, DbErr> {
    if !has_column(connection, dialect, INSTANCES, COLUMN).await? {
        return Ok(false);
    }
    let sql = "UPDATE handover_instances SET client = $2 WHERE id = $1";
    execute(connection, sql, [id.into(), client.to_string().into()]).await?;
    Ok(true)
}

/// Reads the client of each registered instance; `None` for a live one that has not recorded it. One whose
/// lease has expired counts if it has.
///
/// # Errors
/// The database reports an error.
#[cfg(feature = "migrate")]
pub async fn clients<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Vec<Option<Client>>, DbErr> {
    let column =
        if has_column(connection, dialect, INSTANCES, COLUMN).await? { COLUMN } else { "NULL" };
    let sql = format!(
        "SELECT {column} FROM handover_instances WHERE {column} IS NOT NULL OR expires_at > {}",
        now_ms(dialect)
    );
    let read = |row: &sea_orm::QueryResult| {
        let text: Option<String> = row.try_get_by_index(0)?;
        Ok(text.and_then(|text| text.parse().ok()))
    };
    rows(connection, &sql, []).await?.iter().map(read).collect()
}
