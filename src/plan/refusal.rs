use std::fmt;
use std::path::PathBuf;

use super::Instance;
use crate::model::{ChangeName, Release, Stage};

/// A gate's "no". Shown as one sentence; [`hint`](Self::hint) is the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The database has run migrations of a later release than the app's.
    Downgrade {
        /// The latest release that the database has migrations of.
        database: Release,
        /// The app's release.
        version: Release,
        /// How many migrations would have to be undone.
        steps: usize,
    },
    /// The rollback of a migration began and has not ended.
    Undoing {
        /// The change's id, or the name of a plain SQL migration.
        name: String,
        /// The stage; none for plain SQL.
        stage: Option<Stage>,
        /// The migration's release.
        release: Release,
        /// How many migrations are still to be undone, this one first.
        left: usize,
    },
    /// There are migrations that belong to no release.
    Unreleased {
        /// Their files.
        paths: Vec<PathBuf>,
    },
    /// `--offline` was given, but app processes are running.
    Live {
        /// Those processes.
        instances: Vec<Instance>,
    },
    /// The stage before this one has not ended.
    Order {
        /// The change.
        change: ChangeName,
        /// The stage that waits.
        stage: Stage,
        /// Its release.
        release: Release,
        /// The stage that it waits for.
        missing: Stage,
    },
    /// A change that uses the same column, and that comes before by its releases, is not over.
    Chain {
        /// The change that waits.
        change: ChangeName,
        /// The stage that waits: the expand.
        stage: Stage,
        /// Its release.
        release: Release,
        /// The change that is not over.
        open: String,
        /// The release of that one's contract.
        until: Release,
    },
    /// Running processes have not reached the stage's release.
    Fleet {
        /// The change's id, or the name of a plain SQL migration.
        name: String,
        /// The stage that waits; none for plain SQL.
        stage: Option<Stage>,
        /// Its release.
        release: Release,
        /// The processes that it waits for.
        waiting: Vec<Instance>,
    },
    /// Running processes have not acknowledged the change's state.
    Acknowledge {
        /// The change.
        change: ChangeName,
        /// The stage that waits.
        stage: Stage,
        /// Its release.
        release: Release,
        /// The epoch to be acknowledged.
        epoch: u64,
        /// The processes that it waits for.
        waiting: Vec<Instance>,
    },
    /// The backfill ended under a release that is not earlier than the app's, and no running
    /// process proves that reads have moved: the upgrade skipped a release.
    RequiredStop {
        /// The change.
        change: ChangeName,
        /// The stage that waits: the contract.
        stage: Stage,
        /// Its release.
        release: Release,
        /// The release that has to run everywhere first.
        stop: Release,
    },
}

impl Refusal {
    /// Whether the gate may open by waiting alone.
    #[must_use]
    pub const fn passes_by_waiting(&self) -> bool {
        matches!(self, Self::Fleet { .. } | Self::Acknowledge { .. } | Self::Live { .. })
    }

    /// The way out, with the command to type next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Downgrade { database, steps, .. } => format!(
                "deploy {database} or later, or go back first: `handover db rollback --step {steps}`"
            ),
            Self::Undoing { left, .. } => {
                format!("finish it with `handover db rollback --step {left}`, then migrate again")
            }
            Self::Unreleased { .. } => {
                "move them into a release's folder, or take them along while developing: `handover \
                 db migrate --with-unreleased`"
                    .to_owned()
            }
            Self::Live { .. } => {
                "stop these processes and run `handover db migrate --offline --wait 30s`, or \
                 leave out `--offline`"
                    .to_owned()
            }
            Self::Order { missing, .. } => match missing {
                Stage::Expand => "run `handover db migrate --pre`".to_owned(),
                _ => "run `handover db migrate`".to_owned(),
            },
            Self::Chain { until, .. } => {
                format!("run `handover db migrate --post` with the app at {until} first")
            }
            Self::Fleet { release, .. } => format!(
                "roll out {release} to these processes, or stop them, then run \
                 `handover db migrate --post --wait 5m`"
            ),
            Self::Acknowledge { .. } => {
                "let their open transactions end: `handover db migrate --post --wait 5m`".to_owned()
            }
            Self::RequiredStop { stop, .. } => format!(
                "start the app (release {stop} or later, with its shim) and run \
                 `handover db migrate --post --wait 5m`, or stop it everywhere and run \
                 `handover db migrate --offline`"
            ),
        })
    }
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Downgrade { database, version, .. } => write!(
                f,
                "the database has migrations of release {database}, but the app is at {version}"
            ),
            Self::Undoing { name, stage, release, .. } => write!(
                f,
                "the rollback of {} has not ended",
                Subject { name, stage: *stage, release }
            ),
            Self::Unreleased { paths } => {
                f.write_str("these migrations are in no release: ")?;
                list(f, paths.iter().map(|path| format!("`{}`", path.display())))
            }
            Self::Live { instances } => {
                f.write_str("`--offline` was given, but these processes are running: ")?;
                list(f, instances)
            }
            Self::Order { change, stage, release, missing } => write!(
                f,
                "{} cannot run before its stage `{missing}` has",
                Subject { name: change.as_str(), stage: Some(*stage), release }
            ),
            Self::Chain { change, stage, release, open, until } => write!(
                f,
                "{} cannot run before change `{open}`, which uses the same column, has ended \
                 with its contract of release {until}",
                Subject { name: change.as_str(), stage: Some(*stage), release }
            ),
            Self::Fleet { name, stage, release, waiting } => {
                let subject = Subject { name, stage: *stage, release };
                write!(f, "{subject} waits for these processes to reach {release}: ")?;
                list(f, waiting)
            }
            Self::Acknowledge { change, stage, release, epoch, waiting } => {
                let subject = Subject { name: change.as_str(), stage: Some(*stage), release };
                write!(f, "{subject} waits for these processes to acknowledge epoch {epoch}: ")?;
                list(f, waiting)
            }
            Self::RequiredStop { change, stage, release, stop } => write!(
                f,
                "{} cannot run yet: the upgrade skipped {stop}, and no running process proves \
                 that its code is in use",
                Subject { name: change.as_str(), stage: Some(*stage), release }
            ),
        }
    }
}

/// A migration as a sentence names it.
struct Subject<'a> {
    name: &'a str,
    stage: Option<Stage>,
    release: &'a Release,
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.stage {
            Some(stage) => write!(f, "stage `{stage}` of change `{}`", self.name)?,
            None => write!(f, "migration `{}`", self.name)?,
        }
        write!(f, " (release {})", self.release)
    }
}

fn list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    items: impl IntoIterator<Item = T>,
) -> fmt::Result {
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}
