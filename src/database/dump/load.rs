//! Runs the SQL of a schema dump.

use sea_orm::{ConnectionTrait, DbErr};

use super::mariadb_pieces;
use crate::database::Dialect;

/// Runs the SQL of a schema dump. On SQLite and PostgreSQL, call it in a transaction; on MariaDB
/// each statement commits by itself, and `connection` has to be one session.
///
/// # Errors
/// A statement fails.
pub async fn load<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    sql: &str,
) -> Result<(), DbErr> {
    match dialect {
        Dialect::Sqlite => {
            connection.execute_unprepared(sql).await?;
        }
        Dialect::Postgres => {
            connection.execute_unprepared(sql).await?;
            // The settings of pg_dump, above all an empty search path, are for its own statements.
            connection.execute_unprepared("RESET ALL").await?;
        }
        Dialect::MariaDb => {
            for statements in mariadb_pieces::statements(sql) {
                connection.execute_unprepared(&statements).await?;
            }
        }
    }
    Ok(())
}
