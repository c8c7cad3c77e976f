//! The migrator: it plans, runs what the plan has, and plans again.

use std::time::{Duration, Instant};

use super::app_migrations::AppMigrations;
use super::error::{MigrateError, refusal};
use super::event::{Event, Observer};
use super::history::Status;
use super::orm_pending::orm_pending;
use super::outcome::{Options, Outcome};
use super::run_progress::Progress;
use crate::database::tables;
use crate::database::{Database, LockError, RunnerLock};
use crate::manifest::Settings;
use crate::model::{AppName, Instance, Release, Session};
use crate::plan::{APPS, PURGE, Plan, Refusal, Request, SESSIONS, plan};
use crate::releases::Releases;

/// Runs migrations against one database.
#[derive(Clone, Copy)]
pub struct Migrator<'a> {
    /// The database.
    pub database: &'a Database,
    /// The files.
    pub releases: &'a Releases,
    /// The settings of the project.
    pub settings: &'a Settings,
    /// The migrations that the app has registered; `releases` has the Rust functions
    /// [declared](super::Functions::declare).
    pub app: &'a AppMigrations,
    /// Receives the events.
    pub observer: &'a dyn Observer,
}

/// The time after which a gate that may open by itself is checked again.
const POLL: Duration = Duration::from_millis(200);

/// How long an instance is still shown after its lease has run out.
const FORGET: Duration = Duration::from_hours(1);

impl Migrator<'_> {
    /// The app whose migrations these are; `None` for one without a name.
    pub(super) const fn own_app(&self) -> Option<&AppName> {
        self.settings.app.as_ref()
    }

    /// Returns what a run with these options would do now. Changes nothing.
    ///
    /// # Errors
    /// The files are malformed or do not fit the history, or the database fails.
    pub async fn plan(&self, options: &Options) -> Result<(Plan, Status), MigrateError> {
        let status = self.app.load(self.database, self.own_app()).await?;
        let plan = self.plan_from(&status, options)?;
        Ok((plan, status))
    }

    /// Does what [`plan`](Self::plan) does, for a caller that has already read the status.
    ///
    /// # Errors
    /// The files are malformed or do not fit the history.
    pub fn plan_from(&self, status: &Status, options: &Options) -> Result<Plan, MigrateError> {
        self.plan_with(status, options, status.empty)
    }

    fn plan_with(
        &self,
        status: &Status,
        options: &Options,
        began_empty: bool,
    ) -> Result<Plan, MigrateError> {
        let history = status.history();
        let migrations = self.releases.load(&history.applied_checksums())?;
        let request = Request {
            version: options.version.clone(),
            phase: options.phase,
            offline: options.offline,
            purge_at_once: options.allowed.iter().any(|given| given == PURGE),
            any_app: options.allowed.iter().chain(&self.settings.allow).any(|given| given == APPS),
            any_session: options.allowed.iter().any(|given| given == SESSIONS),
            allow_unreleased: options.allow_unreleased,
            stops: self.settings.required_stops.clone(),
            minimum: self.settings.minimum_version.clone(),
            slots: self.releases.slot_releases(),
            orm_migrations: orm_pending(status, options),
            began_empty,
        };
        Ok(plan(&migrations, history, &status.fleet, &request)?)
    }

    /// Runs everything that may run now, in order, each stage as a whole. The next run resumes one
    /// that was interrupted at any point.
    ///
    /// # Errors
    /// The files are malformed or do not fit the history, another runner is at work, or a stage
    /// fails. A gate that refuses is not an error but part of the outcome.
    pub async fn migrate(&self, options: &Options) -> Result<Outcome, MigrateError> {
        let status = self.app.load(self.database, self.own_app()).await?;
        self.migrate_from(&status, options).await
    }

    /// Does what [`migrate`](Self::migrate) does, for a caller that has just read the status: at most
    /// deploys there is nothing to do, and it need not be read twice. If there is something to do, the
    /// plan is made again under the lock.
    ///
    /// # Errors
    /// The same as those of [`migrate`](Self::migrate).
    pub async fn migrate_from(
        &self,
        status: &Status,
        options: &Options,
    ) -> Result<Outcome, MigrateError> {
        let first = self.plan_from(status, options)?;
        let recorded = !first.is_complete() || self.has_recorded(status, &options.version);
        if first.run.is_empty() && recorded && (options.wait.is_zero() || !may_open(&first)) {
            let Plan { refused, later, .. } = first;
            return Ok(Outcome { done: Vec::new(), refused, later });
        }
        self.in_turns(options).await
    }

    /// Runs what may run under the lock, and waits without it for gates that may open: meanwhile others may
    /// work on the database.
    async fn in_turns(&self, options: &Options) -> Result<Outcome, MigrateError> {
        let mut progress = Progress::default();
        let (mut asked, mut limit) = (Instant::now(), Duration::ZERO);
        let mut plan = Plan::default();
        loop {
            let lock = match RunnerLock::take(self.database).await {
                Err(LockError::Held) if asked.elapsed() < limit => {
                    tokio::time::sleep(POLL).await;
                    continue;
                }
                Err(LockError::Held) if !progress.done.is_empty() => {
                    return Ok(progress.refused(Refusal::Held, plan.later));
                }
                lock => lock?,
            };
            let before = progress.done.len();
            let ran = self.run(options, &mut progress).await;
            if ran.is_ok() {
                self.forget_the_dead().await;
            }
            let released = lock.release().await;
            plan = ran?;
            released?;
            if progress.done.len() > before {
                asked = Instant::now();
            }
            loop {
                limit = self.patience(&plan, options);
                if plan.refused.is_empty() || progress.is_over || asked.elapsed() >= limit {
                    return Ok(progress.outcome(plan));
                }
                let instances = plan.refused.iter().flat_map(waiting_for).cloned().collect();
                let sessions = plan.refused.iter().flat_map(sessions).cloned().collect();
                self.observer.event(Event::Waiting { instances, sessions });
                tokio::time::sleep(POLL.min(limit)).await;
                let status = self.app.load(self.database, self.own_app()).await?;
                if progress.is_undone_in(&status) {
                    return Ok(progress.refused(Refusal::Undone, plan.later));
                }
                plan = self.plan_with(&status, options, progress.began_empty)?;
                if !plan.run.is_empty() || plan.refused.is_empty() {
                    break;
                }
            }
        }
    }

    /// Removes the rows of processes that died without a word. They are in nobody's way, so failing
    /// to remove them is not an error.
    async fn forget_the_dead(&self) {
        let (connection, dialect) = (self.database.connection(), self.database.dialect());
        if let Err(error) = tables::remove_expired(connection, dialect, FORGET).await {
            tracing::debug!(%error, "expired instances could not be removed");
        }
    }

    /// Runs everything that may run now. Returns what is refused and what is left for later.
    async fn run(&self, options: &Options, progress: &mut Progress) -> Result<Plan, MigrateError> {
        if !progress.has_begun {
            let status = self.app.load(self.database, self.own_app()).await?;
            progress.began_empty = status.empty;
            progress.has_begun = true;
        }
        self.create_tables().await?;
        loop {
            let status = self.app.load(self.database, self.own_app()).await?;
            let plan = self.plan_with(&status, options, progress.began_empty)?;
            if progress.is_undone_in(&status) {
                progress.is_over = true;
                let refused = vec![Refusal::Undone];
                return Ok(Plan { run: Vec::new(), refused, later: plan.later });
            }
            if plan.is_complete() && !self.has_recorded(&status, &options.version) {
                self.record(&status, &options.version).await?;
            }
            let Plan { run, refused, later } = plan;
            progress.seen = status.migrations;
            if run.is_empty() {
                return Ok(Plan { run, refused, later });
            }
            let ran = self.run_ahead(&run, &status.fleet, options, &mut progress.done).await;
            if let Err(error) = ran {
                let refusal = refusal(error)?;
                progress.is_over = !refusal.passes_by_waiting();
                // With the stage that has begun.
                progress.seen = self.app.load(self.database, self.own_app()).await?.migrations;
                return Ok(Plan { run: Vec::new(), refused: vec![refusal], later });
            }
        }
    }

    /// Returns true if the database already records that it has reached a release.
    fn has_recorded(&self, status: &Status, version: &Release) -> bool {
        status.metadata.as_ref().is_some_and(|metadata| {
            metadata.minimum_version == self.settings.minimum_version
                && metadata.schema_version.as_ref().is_some_and(|at| at.has_reached(version))
        })
    }

    /// Records that everything up to a release has run.
    async fn record(&self, status: &Status, version: &Release) -> Result<(), MigrateError> {
        let reached =
            status.metadata.as_ref().and_then(|metadata| metadata.schema_version.as_ref());
        let version =
            reached.map_or_else(|| version.gating(), |at| at.gating().max(version.gating()));
        let transaction = self.database.begin().await?;
        tables::set_schema_version(&transaction, self.own_app(), Some(&version)).await?;
        let minimum = self.settings.minimum_version.as_ref();
        tables::set_minimum_version(&transaction, self.own_app(), minimum).await?;
        super::steps::crash_point("commit", "reached");
        transaction.commit().await?;
        Ok(())
    }

    /// How long to wait for the gates that have refused: acknowledgements come by themselves within seconds.
    fn patience(&self, plan: &Plan, options: &Options) -> Duration {
        let each = plan.refused.iter().map(|refusal| match refusal {
            Refusal::Acknowledge { .. } | Refusal::Outdated { .. } => {
                options.wait.max(self.settings.acknowledgement_patience)
            }
            refusal if refusal.passes_by_waiting() => options.wait,
            _ => Duration::ZERO,
        });
        each.max().unwrap_or_default()
    }

    /// Creates the handover tables if they are missing, and the columns that those of earlier versions lack.
    pub(super) async fn create_tables(&self) -> Result<(), MigrateError> {
        let (connection, dialect) = (self.database.connection(), self.database.dialect());
        if !tables::exist(connection, dialect).await? {
            let transaction = self.database.begin().await?;
            tables::create(&transaction, dialect, self.own_app()).await?;
            super::steps::crash_point("commit", "tables");
            transaction.commit().await?;
        } else if let Err(error) = tables::add_client(self.database).await {
            // Without it, sessions are not looked at; the next run tries again.
            tracing::debug!(%error, "instances cannot record their clients");
        }
        Ok(())
    }
}

fn may_open(plan: &Plan) -> bool {
    plan.refused.iter().any(Refusal::passes_by_waiting)
}

fn sessions(refusal: &Refusal) -> &[Session] {
    match refusal {
        Refusal::Sessions { sessions, .. } => sessions,
        _ => &[],
    }
}

fn waiting_for(refusal: &Refusal) -> &[Instance] {
    match refusal {
        Refusal::Fleet { waiting, .. }
        | Refusal::Acknowledge { waiting, .. }
        | Refusal::NotFollowed { waiting, .. }
        | Refusal::Outdated { waiting, .. } => waiting,
        Refusal::Live { instances } => instances,
        _ => &[],
    }
}
