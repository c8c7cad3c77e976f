//! Runs one migration: a stage of a change, plain SQL, or a function of the app.

use std::time::{Duration, Instant};

use sea_orm::ConnectionTrait;

use super::context::Context;
use super::error::{MigrateError, failed};
use super::estimate::overruns;
use super::event::Event;
use super::find_table::resolve;
use super::kinds;
use super::outcome::{Done, Options};
use super::runner::Migrator;
use super::stage_error::StageError;
use super::wait_for_format::wait_until_understood;
use crate::database::LockError;
use crate::database::tables;
use crate::database::{Dialect, mariadb_own_settings};
use crate::model::{Change, MigrationRecord, MigrationStatus, Release, Stage};
use crate::plan::Planned;
use crate::releases::{Body, Migration};

impl Migrator<'_> {
    pub(super) async fn run_one(
        &self,
        planned: &Planned,
        options: &Options,
    ) -> Result<Done, MigrateError> {
        let started = Instant::now();
        let migration = &planned.migration;
        let (name, stage) = (migration.slug.clone(), migration.stage());
        let release = planned.release.clone();
        let budget = self.settings.upgrade_budget;
        for overrun in overruns(self.database, &[migration], budget).await {
            self.observer.event(Event::Overrun(overrun));
        }
        self.observer.event(Event::Started {
            name: name.clone(),
            stage,
            release: release.clone(),
            resumed: planned.resumed,
            undo: false,
        });
        let row = record(migration, &release, &options.version);
        match &migration.body {
            Body::Stage { change, stage } => {
                // In a box, so that a program that awaits it needs no deeper `recursion_limit`.
                Box::pin(self.run_stage(change, *stage, &row, options)).await?;
            }
            Body::Sql { text } => self.run_sql(text, &row).await?,
            Body::Rust => self.run_function(&row).await?,
            Body::Orm => self.run_orm(&name).await?,
            Body::Unparsed { .. } => {}
        }
        let took = started.elapsed();
        self.observer.event(Event::Finished {
            name: name.clone(),
            stage,
            release: release.clone(),
            took,
            undo: false,
        });
        // A server may answer so soon that nothing after this would wait: then a caller that runs this
        // as a future could not stop it here.
        tokio::task::yield_now().await;
        Ok(Done { name, change: migration.change().cloned(), stage, release, took })
    }

    async fn run_stage(
        &self,
        change: &Change,
        stage: Stage,
        row: &MigrationRecord,
        options: &Options,
    ) -> Result<(), MigrateError> {
        let dialect = self.database.dialect();
        let transaction = self.database.begin().await?;
        let begun = tables::begin_migration(&transaction, dialect, self.own_app(), row).await?;
        transaction.commit().await?;
        unless_done(begun)?;
        // What takes longer is waited for between the stages, when others may work on the database.
        let patience = self.settings.acknowledgement_patience;
        let context = self.context(change, stage, options.offline, patience);
        let context = context.await?.allowing(&options.allowed);
        let result = begin_and_run(&context, &row.release).await;
        result.map_err(|source| failed(change, stage, &row.release, source))?;
        let transaction = self.database.begin().await?;
        tables::finish_migration(&transaction, dialect, self.own_app(), row.id).await?;
        super::steps::crash_point("commit", "finish");
        transaction.commit().await?;
        super::steps::crash_point("finished", stage.as_str());
        Ok(())
    }

    /// Runs plain SQL in one transaction with the note that it ran. Where schema changes commit by
    /// themselves, they also commit the note that it has begun, which would keep the file from being
    /// corrected.
    async fn run_sql(&self, text: &str, row: &MigrationRecord) -> Result<(), MigrateError> {
        let failed = |source| MigrateError::Sql {
            slug: row.slug.clone(),
            release: row.release.clone(),
            source,
        };
        let dialect = self.database.dialect();
        self.own_settings().await.map_err(failed)?;
        let transaction = self.database.begin().await.map_err(failed)?;
        unless_done(
            tables::begin_migration(&transaction, dialect, self.own_app(), row)
                .await
                .map_err(failed)?,
        )?;
        let ran = transaction.execute_unprepared(text).await;
        if let Err(error) = ran {
            transaction.rollback().await.map_err(failed)?;
            if !dialect.rolls_back_ddl() {
                let connection = self.database.connection();
                tables::remove_migration(connection, self.own_app(), row.id)
                    .await
                    .map_err(failed)?;
            }
            return Err(failed(error));
        }
        tables::finish_migration(&transaction, dialect, self.own_app(), row.id)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    /// Runs a function in one transaction with the note that it ran.
    async fn run_function(&self, row: &MigrationRecord) -> Result<(), MigrateError> {
        let (slug, release) = (row.slug.clone(), row.release.clone());
        let Some(run) = self.app.functions.get(row.id, false) else {
            return Err(MigrateError::NoFunction { slug, release });
        };
        let dialect = self.database.dialect();
        self.own_settings().await?;
        let transaction = self.database.begin().await?;
        unless_done(tables::begin_migration(&transaction, dialect, self.own_app(), row).await?)?;
        if let Err(source) = run(&transaction).await {
            transaction.rollback().await?;
            // A schema change that it made on MariaDB has committed the note.
            if !dialect.rolls_back_ddl() {
                tables::remove_migration(self.database.connection(), self.own_app(), row.id)
                    .await?;
            }
            return Err(MigrateError::Function { slug, release, source });
        }
        tables::finish_migration(&transaction, dialect, self.own_app(), row.id).await?;
        super::steps::crash_point("commit", "function");
        transaction.commit().await?;
        Ok(())
    }

    /// Runs the app's next migration of sea-orm-migration, which is recorded in that crate's table.
    async fn run_orm(&self, name: &str) -> Result<(), MigrateError> {
        let Some(orm) = &self.app.orm else { return Ok(()) };
        self.own_settings().await?;
        orm.run(self.database, name).await
    }

    /// Restores the session's own settings before a migration that is not handover's: on MariaDB all
    /// run in one session, whose settings the stages have changed.
    async fn own_settings(&self) -> Result<(), sea_orm::DbErr> {
        if self.database.dialect() == Dialect::MariaDb {
            let connection = self.database.connection();
            sea_orm::ConnectionTrait::execute_unprepared(connection, &mariadb_own_settings())
                .await?;
        }
        Ok(())
    }

    pub(super) async fn context<'c>(
        &'c self,
        change: &'c Change,
        stage: Stage,
        offline: bool,
        patience: Duration,
    ) -> Result<Context<'c>, sea_orm::DbErr> {
        Ok(Context {
            database: self.database,
            settings: self.settings,
            change: resolve(self.database, change).await?,
            declared: change,
            stage,
            allowed: &[],
            undoing: None,
            offline,
            patience,
            observer: self.observer,
        })
    }
}

/// Runs a stage. Processes of an earlier version of handover do not know that a change may be another app's:
/// the first stage of such a change waits until there is none.
async fn begin_and_run(context: &Context<'_>, release: &Release) -> Result<(), StageError> {
    if context.app().is_some() && context.stage == Stage::Expand {
        wait_until_understood(context, tables::APPS_FORMAT).await?;
    }
    kinds::run(context, release).await
}

/// Fails if a migration that was to begin is already done: then another runner has taken the lock
/// that this one had lost.
fn unless_done(has_begun: bool) -> Result<(), MigrateError> {
    if has_begun { Ok(()) } else { Err(MigrateError::Lock(LockError::Held)) }
}

/// Builds the note that a migration has begun.
pub(super) fn record(
    migration: &Migration,
    release: &Release,
    version: &Release,
) -> MigrationRecord {
    MigrationRecord {
        id: migration.id,
        slug: migration.slug.clone(),
        change: migration.change().map(|change| change.name.clone()),
        stage: migration.stage(),
        release: release.clone(),
        checksum: migration.checksum.as_str().to_owned(),
        app_version: version.clone(),
        status: MigrationStatus::Running,
        run_order: 0,
        started_at: 0,
        finished_at: None,
    }
}
