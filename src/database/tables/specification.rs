use sea_orm::{ConnectionTrait, DbErr};

use crate::database::{Dialect, execute, row};

/// Adds the column for the specification to the tables of an earlier release. That release goes on with
/// them as before, because it names the columns that it writes.
///
/// # Errors
/// The database reports an error.
pub async fn add_specification<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<(), DbErr> {
    let has = match dialect {
        Dialect::Sqlite => {
            "SELECT 1 FROM pragma_table_info('handover_changes') WHERE name = 'specification'"
        }
        Dialect::Postgres => {
            "SELECT 1 FROM pg_attribute WHERE attname = 'specification' \
             AND attrelid = to_regclass('handover_changes')"
        }
        Dialect::MariaDb => {
            "SELECT 1 FROM information_schema.columns WHERE table_schema = database() \
             AND table_name = 'handover_changes' AND column_name = 'specification'"
        }
    };
    if row(connection, has, []).await?.is_none() {
        let kind = if dialect == Dialect::MariaDb { "longtext" } else { "text" };
        let sql = format!("ALTER TABLE handover_changes ADD COLUMN specification {kind}");
        execute(connection, &sql, []).await?;
    }
    Ok(())
}
