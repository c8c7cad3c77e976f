//! Reads the sizes of tables, and tells which migrations are expected to take too long.

use std::collections::HashMap;
use std::time::Duration;

use sea_orm::DbErr;

use crate::database::{Database, catalog, tables};
use crate::plan::{Extent, Impact, Overrun, Sizes};
use crate::releases::Migration;

/// Reads the sizes of the tables that the migrations go through, and the rate at which the database
/// has copied so far.
///
/// # Errors
/// Whatever the database reports.
pub async fn sizes(database: &Database, migrations: &[&Migration]) -> Result<Sizes, DbErr> {
    let (connection, dialect) = (database.connection(), database.dialect());
    let mut rows = HashMap::new();
    for migration in migrations {
        for effect in Impact::of(migration, Some(dialect)).effects {
            let (Extent::Scan | Extent::Copy, Some(table)) = (effect.extent, effect.table) else {
                continue;
            };
            if rows.contains_key(&table)
                || catalog::columns(connection, dialect, &table).await?.is_none()
            {
                continue;
            }
            let found = catalog::estimate_rows(connection, dialect, &table).await?;
            rows.insert(table, u64::try_from(found).unwrap_or(0));
        }
    }
    let known = tables::exist(connection, dialect).await?;
    let copied = if known { tables::copied_rate(connection, dialect).await? } else { None };
    Ok(Sizes { dialect, rows, copied })
}

/// Returns the migrations that are expected to take longer than `budget`. A database that cannot be
/// asked does not keep anybody from migrating.
pub async fn overruns(
    database: &Database,
    migrations: &[&Migration],
    budget: Duration,
) -> Vec<Overrun> {
    // A migration that is quick at any size needs no look at the sizes.
    let dialect = Some(database.dialect());
    let is_sized = |migration: &&&Migration| {
        let effects = Impact::of(migration, dialect).effects;
        effects.iter().any(|effect| matches!(effect.extent, Extent::Scan | Extent::Copy))
    };
    let migrations: Vec<&Migration> = migrations.iter().filter(is_sized).copied().collect();
    if migrations.is_empty() {
        return Vec::new();
    }
    match sizes(database, &migrations).await {
        Ok(sizes) => {
            migrations.iter().filter_map(|migration| sizes.overrun(migration, budget)).collect()
        }
        Err(error) => {
            tracing::debug!(%error, "how long the migrations take cannot be estimated");
            Vec::new()
        }
    }
}
