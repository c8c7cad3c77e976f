//! Reads all records that a run acts on, at one moment.

use sea_orm::{ConnectionTrait, DbErr};

use super::Metadata;
use super::{changes, instances, metadata, migrations};
use crate::database::query::{packed, unpacked};
use crate::database::{Dialect, row};
use crate::model::{ChangeRecord, Instance, MigrationRecord};

/// All records that a run acts on, at one moment.
#[derive(Debug, Clone)]
pub struct Record {
    /// The metadata.
    pub metadata: Metadata,
    /// The migrations that began, in the order in which they began.
    pub migrations: Vec<MigrationRecord>,
    /// The changes, by name.
    pub changes: Vec<ChangeRecord>,
    /// The registered instances.
    pub instances: Vec<Instance>,
}

/// Reads everything with one statement, so that it is consistent without a transaction. At a deploy
/// that has nothing to do, most of the time is spent waiting for one answer after another. MariaDB
/// needs one statement for each table, so there the caller's transaction makes it consistent.
///
/// # Errors
/// The tables are missing or have another format, or a stored value is not valid.
pub async fn read_all<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Record, DbErr> {
    if dialect == Dialect::MariaDb {
        return Ok(Record {
            metadata: metadata::metadata(connection, dialect).await?,
            migrations: migrations::migrations(connection, dialect).await?,
            changes: changes::changes(connection, dialect).await?,
            instances: instances::instances(connection, dialect).await?,
        });
    }
    let parts = [
        packed(dialect, &metadata::columns(dialect), metadata::TABLE),
        packed(dialect, migrations::COLUMNS, migrations::TABLE),
        packed(dialect, changes::COLUMNS, changes::READ),
        packed(dialect, &instances::columns(dialect), instances::TABLE),
    ];
    let sql = format!("SELECT ({})", parts.join("), ("));
    let found = row(connection, &sql, []).await?;
    let part = |at: usize| -> Result<Option<String>, DbErr> {
        found.as_ref().map_or(Ok(None), |row| row.try_get_by_index(at))
    };
    Ok(Record {
        metadata: metadata::read(unpacked(part(0)?.as_deref(), metadata::TABLE)?)?,
        migrations: migrations::read(unpacked(part(1)?.as_deref(), migrations::TABLE)?)?,
        changes: changes::read(unpacked(part(2)?.as_deref(), changes::TABLE)?)?,
        instances: instances::read(unpacked(part(3)?.as_deref(), instances::TABLE)?)?,
    })
}
