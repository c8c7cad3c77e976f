//! Records a further app in a database that other apps migrate.

use sea_orm::ConnectionTrait;

use super::error::MigrateError;
use super::event::Event;
use super::runner::Migrator;
use crate::database::LockPolicy;
use crate::database::tables::{self, APPS_FORMAT};
use crate::fleet::{self, Patience, Waited};
use crate::model::{AppName, Instance, Release};

/// Prepares handover's tables for a further app: waits until every process tells the apps apart, then adds
/// what these tables lack. One that does not would compare its release with those of another app's changes.
///
/// # Errors
/// Processes of an earlier version of handover run, or the tables cannot be changed.
pub(super) async fn prepare(migrator: &Migrator<'_>) -> Result<(), MigrateError> {
    let (database, settings) = (migrator.database, migrator.settings);
    let (connection, dialect) = (database.connection(), database.dialect());
    tables::add_reads_format(connection, dialect).await?;
    let waiting = |instances: &[Instance]| {
        let instances = instances.to_vec();
        migrator.observer.event(Event::Waiting { instances, sessions: Vec::new() });
    };
    let patience = Patience { limit: settings.acknowledgement_patience, waiting: &waiting };
    match fleet::until_understood(database, APPS_FORMAT, patience).await? {
        Waited::Ready => {}
        Waited::Behind(waiting) => return Err(MigrateError::OutdatedProcesses { waiting }),
    }
    let policy = LockPolicy { timeout: settings.lock.timeout, patience: settings.lock.patience };
    Ok(tables::add_app_tables(database, policy).await?)
}

/// Records the app, in the transaction that notes its migrations, with the release whose schema the database
/// has for it. `others` are the apps that are there.
pub(super) async fn record<C: ConnectionTrait>(
    transaction: &C,
    migrator: &Migrator<'_>,
    others: &[Option<AppName>],
    release: Option<&Release>,
) -> Result<(), MigrateError> {
    let (dialect, app) = (migrator.database.dialect(), migrator.own_app());
    if others.contains(&None) {
        tables::add_app(transaction, dialect, None, None).await?;
    }
    tables::add_app(transaction, dialect, app, release).await?;
    if app.is_none() {
        tables::correct_baseline(transaction, dialect, None, release).await?;
    }
    tables::raise_format(transaction, APPS_FORMAT).await?;
    super::steps::crash_point("commit", "app");
    Ok(())
}
