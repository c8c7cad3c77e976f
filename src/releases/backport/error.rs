//! Why a migration cannot move to an older line.

use std::path::PathBuf;

use crate::model::{Release, Stage};
use crate::releases::{CheckError, ReleasesError};

/// Why a migration cannot move to an older line; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum BackportError {
    /// The project's files are not in order.
    #[error(transparent)]
    Releases(#[from] ReleasesError),
    /// There is no such migration.
    #[error("there is no migration with the id `{what}`, and no change of that name")]
    Unknown {
        /// The text that was given.
        what: String,
    },
    /// The id is that of a slot.
    #[error("`{}` is a slot, not a migration", path.display())]
    Slot {
        /// The slot.
        path: PathBuf,
    },
    /// More than one plain SQL migration has the name.
    #[error("`{}` and `{}` are both called `{name}`", first.display(), second.display())]
    Ambiguous {
        /// The name.
        name: String,
        /// One migration.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// A stage cannot move without the others.
    #[error(
        "cannot move stage `{stage}` of change `{change}` alone: {}",
        match stage {
            Stage::Expand => "without the stages after it the older line would be left halfway",
            Stage::Backfill => "it needs its expand in the same release or before",
            Stage::Contract => "it takes away a column that only the other stages have replaced",
            Stage::Purge => "it deletes what only the contract has kept aside",
        }
    )]
    Alone {
        /// The change.
        change: String,
        /// The stage.
        stage: Stage,
        /// The release that the change was to go to.
        to: Release,
    },
    /// The migration is in that release, or in an earlier one.
    #[error("cannot move `{}` to {to}: it is in {at}, which is not later", path.display())]
    NotEarlier {
        /// The migration.
        path: PathBuf,
        /// The release that it is in.
        at: Release,
        /// The release that it was to go to.
        to: Release,
    },
    /// The contract would not be later than the stages before it.
    #[error(
        "the contract cannot be in {contract}: it must be later than {to}, the release of the stages before it"
    )]
    ContractRelease {
        /// The release of the contract.
        contract: Release,
        /// The release of the stages before it.
        to: Release,
    },
    /// No release of the newer line has slots.
    #[error("no release later than {to} has slots for what moves to an older line")]
    NoSlots {
        /// The release that the migration was to go to.
        to: Release,
    },
    /// Too few slots are left.
    #[error("{needed} slots are needed at the start of {release}, and {free} are free")]
    SlotsTaken {
        /// The release that keeps them.
        release: Release,
        /// How many are needed.
        needed: usize,
        /// How many are free.
        free: usize,
    },
    /// The older line does not have the table or column that the migration works on.
    #[error(
        "{to} does not have {}: `{}` makes it, in {}",
        match column {
            Some(column) => format!("the column `{table}.{column}`"),
            None => format!("the table `{table}`"),
        },
        path.display(),
        release.as_ref().map_or("no release yet".to_owned(), ToString::to_string)
    )]
    Lacks {
        /// The release that the migration was to go to.
        to: Release,
        /// The table, in lower case.
        table: String,
        /// The column, in lower case, if the table itself is there.
        column: Option<String>,
        /// The migration that makes it.
        path: PathBuf,
        /// The release of that migration.
        release: Option<Release>,
    },
    /// A migration that has to run before would run later.
    #[error("cannot move to {to}: {reason}")]
    After {
        /// The release that the migration was to go to.
        to: Release,
        /// The problem in that release.
        reason: String,
    },
    /// The files would not fit together afterwards.
    #[error("the migrations would not fit together in {to}")]
    Files {
        /// The release that the migration was to go to.
        to: Release,
        /// The cause.
        #[source]
        source: Box<CheckError>,
    },
}

impl BackportError {
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Releases(error) => return error.hint(),
            Self::Unknown { .. } | Self::Slot { .. } => {
                "see the ids in the file names below `release_migrations/` and `unreleased/`"
                    .to_owned()
            }
            Self::Ambiguous { .. } => "give the id of the one that shall move".to_owned(),
            Self::Alone { change, to, .. } => {
                format!("move the whole change: `handover release backport {change} --to {to}`")
            }
            Self::NotEarlier { at, .. } => {
                format!("give a release before {at}: `--to RELEASE`")
            }
            Self::ContractRelease { to, .. } => {
                format!("leave out `--contract-release`, which gives {}", to.next())
            }
            Self::NoSlots { .. } => "reserve slots at the start of the first release of the newer \
                                     line: `handover gen reserve --release RELEASE --count 10`"
                .to_owned(),
            Self::SlotsTaken { release, .. } => {
                format!("handover gen reserve --release {release} --count 10")
            }
            Self::Lacks { path, .. } => format!("move what makes it first, `{}`", path.display()),
            Self::After { .. } => {
                "move what `after` names first, with `handover release backport`".to_owned()
            }
            Self::Files { source, .. } => return source.hint(),
        })
    }
}
