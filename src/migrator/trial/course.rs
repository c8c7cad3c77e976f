//! All migrations of a project, run on a database with a stop after each.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use sea_orm::ConnectionTrait;

use super::cut::{Cut, Watch};
use crate::database::{Access, Database, LockError};
use crate::manifest::{SchemaDump, Settings};
use crate::migrator::error::{MigrateError, TrialError};
use crate::migrator::history::{self, Status};
use crate::migrator::init::{Baseline, init};
use crate::migrator::outcome::Options;
use crate::migrator::runner::Migrator;
use crate::migrator::{AppMigrations, Observer, Silent, load_schema};
use crate::model::{Release, Stage};
use crate::plan::{PURGE, Phase, Refusal};
use crate::releases::{FileKind, Releases};

/// All migrations in the order in which the releases bring them: for each release, first those before
/// its roll-out, then those after it; last the unreleased ones.
#[derive(Clone, Copy)]
pub struct Course<'a> {
    /// The files.
    pub releases: &'a Releases,
    /// The settings of the project.
    pub settings: &'a Settings,
    /// The migrations that the app has registered.
    pub app: &'a AppMigrations,
    /// The schema dump to begin with; without one, the course begins with an empty database.
    pub dump: Option<&'a SchemaDump>,
    /// SQL to begin with if there is no dump, and its file.
    pub prepare: Option<(&'a Path, &'a str)>,
    /// The app's release. Unreleased files run as part of it.
    pub version: &'a Release,
    /// True to interrupt each stage before each of its steps, and to begin it again from its start.
    pub interrupted: bool,
}

/// A point at which a course has stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halt {
    /// The release that the migrations run for.
    pub version: Release,
    /// The change, or the name of a plain SQL migration.
    pub name: String,
    /// The stage; `None` for plain SQL.
    pub stage: Option<Stage>,
    /// True if the stage is not finished: it has another state in the middle.
    pub halfway: bool,
}

/// The point at which one call of the migrator ended.
enum Went {
    /// At something to look at.
    To(Box<(Halt, Status)>),
    /// At the step before which it is interrupted.
    CutShort,
    /// At the end of the leg.
    ToTheEnd,
}

/// One call of the migrator.
struct Leg {
    version: Release,
    phase: Phase,
    unreleased: bool,
    /// The first id of the legs after it: until then the app's own migrations of sea-orm-migration run.
    orm_before: Option<u64>,
}

/// How often a lock is asked for whose session has been told to end.
const TRIES: usize = 100;
const PAUSE: Duration = Duration::from_millis(50);

impl Course<'_> {
    /// Prepares an empty database for the course, with the dump or the SQL to begin with.
    ///
    /// # Errors
    /// The dump or the SQL to begin with does not run.
    pub async fn begin(&self, url: &str) -> Result<(), MigrateError> {
        let database = Database::connect(url, Access::Write).await.map_err(TrialError::from)?;
        let begun = self.make(&database).await;
        database.close().await;
        begun
    }

    async fn make(&self, database: &Database) -> Result<(), MigrateError> {
        let migrator = self.migrator(database, self.releases, &Silent);
        if let Some(dump) = self.dump {
            load_schema(&migrator, dump).await?;
            return Ok(());
        }
        init(&migrator, &Baseline::Unmigrated).await?;
        if let Some((file, sql)) = self.prepare {
            let done = database.connection().execute_unprepared(sql).await;
            done.map_err(|source| TrialError::Prepare { file: file.to_owned(), source })?;
        }
        Ok(())
    }

    /// Runs the course to its end in a database that [`begin`](Self::begin) has prepared. After each
    /// migration, and in the middle of each that has another state there, it stops, closes the database
    /// and calls `visit` with the point and the database's status. `visit` may use the database, and
    /// returns whether the course goes on.
    ///
    /// # Errors
    /// A migration fails or is refused, or `visit` fails.
    pub async fn walk<E: From<MigrateError>>(
        &self,
        url: &str,
        mut visit: impl AsyncFnMut(&Halt, &Status) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let released = self.releases.only(|file| file.release.is_some());
        for leg in self.legs() {
            let releases = if leg.unreleased { self.releases } else { &released };
            while let Some((halt, status)) = self.until_cut(url, releases, &leg).await? {
                if visit(&halt, &status).await?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The migrations that the course begins with.
    pub(super) fn contained(&self) -> HashSet<u64> {
        let migrations = self.dump.iter().flat_map(|dump| &dump.migrations);
        migrations.map(|migration| migration.id).collect()
    }

    fn legs(&self) -> Vec<Leg> {
        let begun = self.dump.and_then(|dump| dump.release.as_ref()).map(Release::gating);
        let contained = self.contained();
        let mut versions: Vec<Release> = self
            .releases
            .files()
            .iter()
            .filter(|file| file.kind != FileKind::Slot && !contained.contains(&file.id))
            .filter_map(|file| file.release.as_ref())
            .map(|release| begun.iter().cloned().fold(release.gating(), Release::max))
            .collect();
        versions.dedup();
        let last = versions.last().cloned();
        let leg = |version: Release, unreleased: bool| {
            let files = self.releases.files().iter().filter(|file| !contained.contains(&file.id));
            let after = files.filter(|file| match &file.release {
                Some(own) => !version.has_reached(own),
                None => !unreleased,
            });
            let orm_before = after.map(|file| file.id).min();
            [Phase::Pre, Phase::Post].map(|phase| Leg {
                version: version.clone(),
                phase,
                unreleased,
                orm_before,
            })
        };
        let mut legs: Vec<Leg> =
            versions.into_iter().flat_map(|version| leg(version, false)).collect();
        if self.releases.files().iter().any(|file| file.release.is_none()) {
            let version = last.into_iter().chain(begun).fold(self.version.clone(), Release::max);
            legs.extend(leg(version, true));
        }
        legs
    }

    /// Runs until there is something to look at; `None` at the end of the leg.
    async fn until_cut(
        &self,
        url: &str,
        releases: &Releases,
        leg: &Leg,
    ) -> Result<Option<(Halt, Status)>, MigrateError> {
        let (mut tries, mut steps) = (0, if self.interrupted { 0 } else { usize::MAX });
        loop {
            let database = Database::connect(url, Access::Write).await.map_err(TrialError::from)?;
            let went = self.go(&database, releases, leg, steps).await;
            database.close().await;
            match went {
                // The session of the call before may not have ended yet.
                Err(MigrateError::Lock(LockError::Held)) if tries < TRIES => {
                    tries += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error @ (MigrateError::Stage { .. } | MigrateError::Sql { .. })) => {
                    return Err(TrialError::Migrate(Box::new(error)).into());
                }
                Ok(Went::CutShort) => steps += 1,
                Ok(Went::To(halt)) => return Ok(Some(*halt)),
                Ok(Went::ToTheEnd) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }

    async fn go(
        &self,
        database: &Database,
        releases: &Releases,
        leg: &Leg,
        steps: usize,
    ) -> Result<Went, MigrateError> {
        let options = Options {
            // There are no values to keep.
            allowed: vec![PURGE.to_owned()],
            version: leg.version.clone(),
            phase: leg.phase,
            offline: true,
            allow_unreleased: leg.unreleased,
            wait: Duration::ZERO,
            orm_before: leg.orm_before,
        };
        let watch = Watch::new(steps);
        let migrator = self.migrator(database, releases, &watch);
        // Stops the run as an interruption would, which any run has to bear; the next run resumes it.
        let cut = tokio::select! {
            biased;
            cut = watch.cut() => cut,
            outcome = migrator.migrate(&options) => {
                return match outcome?.refused.into_iter().next() {
                    // No app process runs there, so the obstacle is in the schema.
                    Some(refusal @ Refusal::Obstructed { .. }) => {
                        let refused = MigrateError::Refused(Box::new(refusal));
                        Err(TrialError::Migrate(Box::new(refused)).into())
                    }
                    Some(refusal) => Err(MigrateError::Refused(Box::new(refusal))),
                    None => Ok(Went::ToTheEnd),
                };
            }
        };
        let (name, stage, halfway) = match cut {
            Cut::Finished { name, stage } => (name, stage, false),
            Cut::Halfway { name } => (name, Some(Stage::Contract), true),
            Cut::Step => return Ok(Went::CutShort),
        };
        let halt = Halt { version: leg.version.clone(), name, stage, halfway };
        Ok(Went::To(Box::new((halt, history::load(database, self.settings.app.as_ref()).await?))))
    }

    fn migrator<'m>(
        &'m self,
        database: &'m Database,
        releases: &'m Releases,
        observer: &'m dyn Observer,
    ) -> Migrator<'m> {
        let (settings, app) = (self.settings, self.app);
        Migrator { database, releases, settings, app, observer }
    }
}
