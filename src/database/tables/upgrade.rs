//! The columns that the tables of earlier versions of handover lack: looking for them, and adding them.
//! Those versions go on with the tables as before, because they name the columns that they write.

use sea_orm::{ConnectionTrait, DbErr};

#[cfg(feature = "migrate")]
use crate::database::Database;
use crate::database::{Dialect, execute, row};

pub(super) const CHANGES: &str = "handover_changes";
const BACKFILLS: &str = "handover_backfills";
pub(super) const INSTANCES: &str = "handover_instances";

/// Adds the column for the specification of a change.
///
/// # Errors
/// The database reports an error.
pub async fn add_specification<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<(), DbErr> {
    if !has_column(connection, dialect, CHANGES, "specification").await? {
        let kind = if dialect == Dialect::MariaDb { "longtext" } else { "text" };
        let sql = format!("ALTER TABLE handover_changes ADD COLUMN specification {kind}");
        execute(connection, &sql, []).await?;
    }
    Ok(())
}

/// Adds the column for the operator's settings of a copy.
///
/// # Errors
/// The database reports an error.
pub async fn add_control<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<(), DbErr> {
    // The column is looked for first, because the statement locks the table even if there is nothing to
    // add.
    if has_column(connection, dialect, BACKFILLS, "control").await? {
        return Ok(());
    }
    let sql = match dialect {
        Dialect::Sqlite => "ALTER TABLE handover_backfills ADD COLUMN control text",
        Dialect::Postgres => "ALTER TABLE handover_backfills ADD COLUMN IF NOT EXISTS control text",
        Dialect::MariaDb => {
            "ALTER TABLE handover_backfills ADD COLUMN IF NOT EXISTS control longtext"
        }
    };
    execute(connection, sql, []).await?;
    Ok(())
}

/// Adds the column for the format that an instance understands.
///
/// # Errors
/// The database reports an error.
pub async fn add_reads_format<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<(), DbErr> {
    if !has_column(connection, dialect, INSTANCES, "reads_format").await? {
        let sql = "ALTER TABLE handover_instances ADD COLUMN reads_format bigint";
        execute(connection, sql, []).await?;
    }
    Ok(())
}

/// Adds the column for the client of an instance. Every lease is renewed in this table, so this does not
/// wait for its lock.
///
/// # Errors
/// The database reports an error: somebody holds the table, or this role may not change it.
#[cfg(feature = "migrate")]
pub async fn add_client(database: &Database) -> Result<(), DbErr> {
    let (connection, dialect) = (database.connection(), database.dialect());
    if dialect == Dialect::Sqlite || has_column(connection, dialect, INSTANCES, "client").await? {
        return Ok(());
    }
    if dialect == Dialect::MariaDb {
        let sql = "ALTER TABLE handover_instances NOWAIT ADD COLUMN client longtext";
        execute(connection, sql, []).await?;
        return Ok(());
    }
    let transaction = database.begin().await?;
    execute(&transaction, "SET LOCAL lock_timeout = '50ms'", []).await?;
    execute(&transaction, "ALTER TABLE handover_instances ADD COLUMN client text", []).await?;
    transaction.commit().await
}

/// Returns true if a table has this column.
pub(super) async fn has_column<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &'static str,
    column: &'static str,
) -> Result<bool, DbErr> {
    let sql = match dialect {
        Dialect::Sqlite => format!("SELECT 1 FROM pragma_table_info('{table}') WHERE name = $1"),
        Dialect::Postgres => format!(
            "SELECT 1 FROM pg_attribute WHERE attname = $1::text AND attrelid = to_regclass('{table}')"
        ),
        Dialect::MariaDb => format!(
            "SELECT 1 FROM information_schema.columns WHERE table_schema = database() \
             AND table_name = '{table}' AND column_name = $1"
        ),
    };
    Ok(row(connection, &sql, [column.into()]).await?.is_some())
}
