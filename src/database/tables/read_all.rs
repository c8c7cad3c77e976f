//! Reads all records that a run acts on, at one moment.

use sea_orm::{ConnectionTrait, DbErr};

use super::Metadata;
use super::apps::{self, APPS_FORMAT, AppRecord};
use super::{changes, instances, metadata, migrations, stored_change};
use crate::database::query::{packed, unpacked};
use crate::database::{Dialect, row};
use crate::model::{AppName, ChangeRecord, Instance, MigrationRecord};

/// All records that a run acts on, at one moment.
#[derive(Debug, Clone)]
pub struct Record {
    /// The metadata, with the releases of the app.
    pub metadata: Metadata,
    /// The migrations of the app that began, in the order in which they began.
    pub migrations: Vec<MigrationRecord>,
    /// The changes of all apps, by name.
    pub changes: Vec<ChangeRecord>,
    /// The registered instances of all apps.
    pub instances: Vec<Instance>,
    /// The apps that migrate the database; `None` for the one without a name.
    pub apps: Vec<Option<AppName>>,
}

impl Record {
    /// Returns true if the app has been initialised in this database.
    #[must_use]
    pub fn has(&self, app: Option<&AppName>) -> bool {
        self.apps.iter().any(|own| own.as_ref() == app)
    }
}

/// Reads everything that concerns an app, in a database whose tables have this format. Apart from the apps
/// with names, it is one statement, so that it is consistent without a transaction: at a deploy that has
/// nothing to do, most of the time is spent waiting for one answer after another. MariaDB needs one statement
/// for each table, so there the caller's transaction makes it consistent.
///
/// # Errors
/// The tables are missing or have another format, or a stored value is not valid.
pub async fn read_all<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    app: Option<&AppName>,
    format: i64,
) -> Result<Record, DbErr> {
    let records =
        if format < APPS_FORMAT { vec![unnamed()] } else { apps::apps(connection).await? };
    let own = records.iter().find(|record| record.name.as_ref() == app).cloned();
    let names = records.into_iter().map(|record| record.name).collect();
    // In a database that does not record it, an app with a name has no table.
    let app = app.filter(|_| own.is_some());
    let mut record = together(connection, dialect, app, names).await?;
    if let Some(own) = own.filter(|own| own.name.is_some()) {
        let AppRecord { schema_version, minimum_version, baseline_version, created_at, .. } = own;
        let read = record.metadata;
        record.metadata =
            Metadata { schema_version, minimum_version, baseline_version, created_at, ..read };
    }
    Ok(record)
}

/// The only app of a database that does not record apps.
const fn unnamed() -> AppRecord {
    AppRecord {
        name: None,
        schema_version: None,
        minimum_version: None,
        baseline_version: None,
        created_at: 0,
    }
}

async fn together<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    app: Option<&AppName>,
    apps: Vec<Option<AppName>>,
) -> Result<Record, DbErr> {
    if dialect == Dialect::MariaDb {
        return Ok(Record {
            metadata: metadata::metadata(connection, dialect).await?,
            migrations: migrations::migrations(connection, dialect, app).await?,
            changes: changes::changes(connection, dialect).await?,
            instances: instances::instances(connection, dialect).await?,
            apps,
        });
    }
    let parts = [
        packed(dialect, &metadata::columns(dialect), metadata::TABLE),
        migrations::packed_migrations(dialect, app),
        packed(dialect, stored_change::COLUMNS, stored_change::READ),
        packed(dialect, &instances::columns(dialect), instances::READ),
    ];
    let sql = format!("SELECT ({})", parts.join("), ("));
    let found = row(connection, &sql, app.map(migrations::value)).await?;
    let part = |at: usize| -> Result<Option<String>, DbErr> {
        found.as_ref().map_or(Ok(None), |row| row.try_get_by_index(at))
    };
    Ok(Record {
        metadata: metadata::read(unpacked(part(0)?.as_deref(), metadata::TABLE)?)?,
        migrations: migrations::read(part(1)?.as_deref().unwrap_or("[]"), app)?,
        changes: changes::read(unpacked(part(2)?.as_deref(), stored_change::TABLE)?)?,
        instances: instances::read(unpacked(part(3)?.as_deref(), instances::TABLE)?)?,
        apps,
    })
}
