//! Why a run ended early.

use std::path::PathBuf;

use sea_orm::DbErr;

use super::functions::FunctionError;
use super::schema::SchemaError;
use super::stage_error::StageError;
use crate::database::{ConnectError, LockError, ScratchError};
use crate::model::{Change, ChangeName, Instance, Release, Stage};
use crate::plan::{PlanError, Refusal};
use crate::releases::ReleasesError;

/// Why a run ended early. Everything done before stays done; the same command resumes.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The lock of the runner cannot be had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The files cannot be read.
    #[error(transparent)]
    Releases(#[from] ReleasesError),
    /// The files and the history do not fit together.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A gate refused.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The tables were made by a later handover.
    #[error("the handover tables have format {found}; this handover knows {known}")]
    Format {
        /// The format of the database's tables.
        found: i64,
        /// The latest format that this code knows.
        known: i64,
    },
    /// The database has already been initialised.
    #[error("the database is initialised already{}", at.as_ref().map(|at| format!(", and at release {at}")).unwrap_or_default())]
    Initialised {
        /// The release that it has reached.
        at: Option<Release>,
        /// True if nothing has run since, so that the release can be corrected.
        correctable: bool,
    },
    /// Processes of an earlier version of handover run, which do not tell the apps of a database apart.
    #[error(
        "these processes were built with a version of handover that knows only one app in a database: {}",
        waiting.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    )]
    OutdatedProcesses {
        /// The processes.
        waiting: Vec<Instance>,
    },
    /// A database with tables was to be initialised without a baseline.
    #[error("the database has tables, so the release of its schema has to be given")]
    Unsaid {
        /// True if other apps migrate it.
        beside_others: bool,
    },
    /// None of the app's migrations has run, and the earlier ones have been squashed.
    #[error("migrations up to {minimum} have been squashed, so they cannot run on the database")]
    Squashed {
        /// The earliest release that the files can migrate.
        minimum: Release,
    },
    /// The baseline does not fit the database.
    #[error("the database cannot be at release {release}: {reason}")]
    Baseline {
        /// The release.
        release: Release,
        /// The reason.
        reason: String,
    },
    /// There is no schema dump, or it cannot be loaded.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The migrations cannot be tried on a scratch database.
    #[error(transparent)]
    Trial(#[from] TrialError),
    /// A stage failed.
    #[error("{stage} of `{change}` for release {release} failed")]
    Stage {
        /// The change.
        change: ChangeName,
        /// The stage.
        stage: Stage,
        /// Its release.
        release: Release,
        /// The cause.
        #[source]
        source: Box<StageError>,
    },
    /// A plain SQL migration failed.
    #[error("migration `{slug}` of release {release} failed")]
    Sql {
        /// Its name.
        slug: String,
        /// Its release.
        release: Release,
        /// The cause.
        #[source]
        source: DbErr,
    },
    /// A Rust function failed; what it did is undone.
    #[error("Rust function `{slug}` of release {release} failed")]
    Function {
        /// Its name.
        slug: String,
        /// Its release.
        release: Release,
        /// The cause.
        #[source]
        source: FunctionError,
    },
    /// A Rust function has to run, but this program does not have it.
    #[error("this program does not have Rust function `{slug}` of release {release}")]
    NoFunction {
        /// Its name.
        slug: String,
        /// Its release.
        release: Release,
    },
    /// A migration of sea-orm-migration failed.
    #[error("migration `{name}` of sea-orm-migration failed")]
    Orm {
        /// Its name.
        name: String,
        /// The cause.
        #[source]
        source: DbErr,
    },
    /// The `Migrator` of sea-orm-migration said that a migration ran, but its table does not.
    #[error("migration `{name}` of sea-orm-migration ran, but is not in table `{table}`")]
    OrmUnrecorded {
        /// Its name.
        name: String,
        /// The table.
        table: String,
    },
    /// The database has a migration of sea-orm-migration that the app does not have.
    #[error("table `{table}` has migration `{name}`, which this program does not have")]
    OrmMissing {
        /// Its name.
        name: String,
        /// The table.
        table: String,
    },
    /// There is no copy to steer.
    #[error("{}", match change {
        Some(change) => format!("change `{change}` has no copy under way or to come next"),
        None => "no change has a copy under way or to come next".to_owned(),
    })]
    NoCopy {
        /// The change that was given.
        change: Option<String>,
    },
    /// Several changes have a copy, and none was given.
    #[error("{} changes have a copy under way or to come next", changes.len())]
    SeveralCopies {
        /// Their names.
        changes: Vec<ChangeName>,
    },
    /// The database failed outside of any stage.
    #[error("the database failed")]
    Database(#[from] DbErr),
}

pub(super) fn failed(
    change: &Change,
    stage: Stage,
    release: &Release,
    source: StageError,
) -> MigrateError {
    let (name, source) = (change.name.clone(), Box::new(source));
    MigrateError::Stage { change: name, stage, release: release.clone(), source }
}

/// The refusal that an error stands for: a stage that refuses before it has changed anything, or
/// instances that do not acknowledge in time. Other errors stay errors.
pub(super) fn refusal(error: MigrateError) -> Result<Refusal, MigrateError> {
    match error {
        MigrateError::Stage { change, stage, release, source } => match *source {
            StageError::Behind { epoch, waiting } => {
                let steps_back = None;
                Ok(Refusal::Acknowledge { change, stage, release, epoch, waiting, steps_back })
            }
            StageError::Outdated { waiting } => {
                Ok(Refusal::Outdated { change, stage, release, waiting })
            }
            source if source.is_refusal() => {
                let (reason, hint) = (source.to_string(), source.hint());
                Ok(Refusal::Obstructed { change, stage, release, reason, hint })
            }
            source => Err(MigrateError::Stage { change, stage, release, source: Box::new(source) }),
        },
        other => Err(other),
    }
}

/// Why the migrations cannot be tried. The scratch database is gone.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// There is no scratch database.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// The scratch database cannot be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The project's own SQL, which runs first, failed.
    #[error("`{}` failed on the empty scratch database", file.display())]
    Prepare {
        /// The file.
        file: PathBuf,
        /// The cause.
        #[source]
        source: DbErr,
    },
    /// A migration failed.
    #[error("the migrations do not run on a scratch database")]
    Migrate(#[source] Box<MigrateError>),
}

impl TrialError {
    /// The next thing to type or look at.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Scratch(error) => error.hint(),
            Self::Connect(error) => error.hint(),
            Self::Prepare { file, .. } => {
                Some(format!("fix `{}`, then run the same command again", file.display()))
            }
            Self::Migrate(_) => Some(
                "if they need tables that no migration makes: commit a schema dump that has them \
                 (`handover db dump`), or name SQL that makes them as `rehearse.prepare` in \
                 handover.yml"
                    .to_owned(),
            ),
        }
    }
}
