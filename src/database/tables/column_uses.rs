//! The columns about to be dropped that a process has named in a statement.

use sea_orm::{ConnectionTrait, DbErr};

use super::unreadable;
use super::upsert::overwrite;
use crate::database::{Dialect, execute, rows};
use crate::model::{AppName, ChangeName, Release};

const TABLE: &str = "handover_column_uses";

/// A process that has named a column though it is about to be dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnUse {
    /// The id of the process.
    pub instance: String,
    /// Its app; `None` for one without a name.
    pub app: Option<AppName>,
    /// The release of its code.
    pub release: Release,
    /// One of its statements, without its literals.
    pub statement: String,
}

/// Records the statements in which a process, given with its release, has named the columns of these
/// changes.
///
/// # Errors
/// The database reports an error.
pub async fn record_column_uses<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    (instance, release): (&str, &Release),
    uses: &[(ChangeName, String)],
) -> Result<(), DbErr> {
    let sql = format!(
        "INSERT INTO {TABLE} (id, change_name, instance, \"release\", statement) \
         VALUES ($1, $2, $3, $4, $5) {}",
        overwrite(dialect, "id", &["statement"], None)
    );
    for (change, statement) in uses {
        let values = [
            format!("{instance} {change}").into(),
            change.as_str().into(),
            instance.into(),
            release.to_string().into(),
            statement.as_str().into(),
        ];
        execute(connection, &sql, values).await?;
    }
    Ok(())
}

/// Reads the processes that have named the column of a change.
///
/// # Errors
/// The table is missing, or a stored release is not valid.
pub async fn column_uses<C: ConnectionTrait>(
    connection: &C,
    change: &ChangeName,
) -> Result<Vec<ColumnUse>, DbErr> {
    let sql = format!(
        "SELECT instance, \"release\", statement FROM {TABLE} WHERE change_name = $1 ORDER BY id"
    );
    let found = rows(connection, &sql, [change.as_str().into()]).await?;
    let read = |row: &sea_orm::QueryResult| {
        let release: String = row.try_get_by_index(1)?;
        let instance: String = row.try_get_by_index(0)?;
        Ok(ColumnUse {
            app: super::instances::app_in(&instance)?,
            instance,
            release: release.parse().map_err(|error| unreadable(TABLE, error))?,
            statement: row.try_get_by_index(2)?,
        })
    };
    found.iter().map(read).collect()
}
