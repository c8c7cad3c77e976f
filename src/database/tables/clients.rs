//! The client of each instance: the role and the address from which it registered.

use sea_orm::{ConnectionTrait, DbErr};

use super::format::has_column;
#[cfg(feature = "migrate")]
use crate::database::rows;
use crate::database::{Dialect, execute};
use crate::model::Client;

const COLUMN: &str = "client";

/// Records the client of an instance, unless the tables of an earlier version have no column for it.
///
/// # Errors
/// The database reports an error.
pub async fn record_client<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    id: &str,
    client: &Client,
) -> Result<(), DbErr> {
    if has_column(connection, dialect, COLUMN).await? {
        let sql = "UPDATE handover_instances SET client = $2 WHERE id = $1";
        execute(connection, sql, [id.into(), client.to_string().into()]).await?;
    }
    Ok(())
}

/// Reads the client of each registered instance, including those whose lease has expired; `None` for one that
/// has not recorded it.
///
/// # Errors
/// The database reports an error.
#[cfg(feature = "migrate")]
pub async fn clients<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Vec<Option<Client>>, DbErr> {
    let column = if has_column(connection, dialect, COLUMN).await? { COLUMN } else { "NULL" };
    let sql = format!("SELECT {column} FROM handover_instances");
    let read = |row: &sea_orm::QueryResult| {
        let text: Option<String> = row.try_get_by_index(0)?;
        Ok(text.and_then(|text| text.parse().ok()))
    };
    rows(connection, &sql, []).await?.iter().map(read).collect()
}

/// Adds the column for the client to the tables of an earlier version of handover, which goes on with them
/// as before.
///
/// # Errors
/// The database reports an error.
#[cfg(feature = "migrate")]
pub async fn add_client<C: ConnectionTrait>(connection: &C, dialect: Dialect) -> Result<(), DbErr> {
    if !has_column(connection, dialect, COLUMN).await? {
        let text = if dialect == Dialect::MariaDb { "longtext" } else { "text" };
        let sql = format!("ALTER TABLE handover_instances ADD COLUMN {COLUMN} {text}");
        execute(connection, &sql, []).await?;
    }
    Ok(())
}
