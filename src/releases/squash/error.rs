//! Why migrations cannot be squashed.

use std::path::PathBuf;

use crate::manifest::SettingsError;
use crate::model::Release;
use crate::releases::ReleasesError;

/// Why migrations cannot be squashed; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum SquashError {
    /// The files cannot be read or written.
    #[error(transparent)]
    Releases(#[from] ReleasesError),
    /// Upgrades may skip the release, and would then miss migrations.
    #[error(
        "{to} is not a required stop: an upgrade that skips it would miss the squashed migrations"
    )]
    NoStop {
        /// The release.
        to: Release,
    },
    /// An earlier squash went further.
    #[error("migrations up to {minimum} have been squashed already, and {to} is earlier")]
    Earlier {
        /// The release.
        to: Release,
        /// `minimum_version` in `handover.yml`.
        minimum: Release,
    },
    /// A change begins at or before the release and is not finished by then.
    #[error(
        "change `{change}` begins in {begin}, and its contract is {}: at {to} it is unfinished",
        contract.as_ref().map_or("in no release".to_owned(), |at| format!("in {at}"))
    )]
    Unfinished {
        /// The release.
        to: Release,
        /// The change.
        change: String,
        /// The release in which it begins.
        begin: Release,
        /// The release of its contract, if it has one.
        contract: Option<Release>,
    },
    /// There is no schema dump to fold anything into.
    #[error("there is no schema dump to fold the migrations into")]
    NoDump {
        /// The release to squash to.
        to: Release,
    },
    /// A schema dump is of an earlier release.
    #[error(
        "`{}` is the schema {}, and has to be that of {to} or later", file.display(),
        at.as_ref().map_or("of no release".to_owned(), |at| format!("of {at}"))
    )]
    Early {
        /// The dump.
        file: PathBuf,
        /// Its release.
        at: Option<Release>,
        /// The release to squash to.
        to: Release,
    },
    /// A schema dump does not contain a migration.
    #[error("`{}` does not contain `{}`", file.display(), migration.display())]
    Lacks {
        /// The dump.
        file: PathBuf,
        /// The migration's file.
        migration: PathBuf,
        /// The release to squash to.
        to: Release,
    },
    /// The file of a migration has changed since it was dumped.
    #[error("`{}` has changed since `{}` was made", migration.display(), file.display())]
    Edited {
        /// The dump.
        file: PathBuf,
        /// The migration's file.
        migration: PathBuf,
    },
    /// `handover.yml` is laid out in a way that is not edited.
    #[error("`handover.yml` is not one key a line, so `minimum_version` cannot be set in it")]
    Layout {
        /// The release to set.
        to: Release,
    },
}

impl From<SettingsError> for SquashError {
    fn from(error: SettingsError) -> Self {
        Self::Releases(error.into())
    }
}

impl SquashError {
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let dump =
            |to: &Release| format!("make it again: `handover db dump --scratch --release {to}`");
        Some(match self {
            Self::Releases(error) => return error.hint(),
            Self::NoStop { to } => format!(
                "name it in `handover.yml`, before {to} is released: `required_stops: [{to}]`"
            ),
            Self::Earlier { minimum, .. } => format!("squash to a stop after {minimum}"),
            Self::Unfinished { contract: Some(contract), .. } => format!(
                "name a release from {contract} on in `required_stops`, and squash to that when it \
                 has been released"
            ),
            Self::Unfinished { contract: None, .. } => {
                "put all of the change into releases first, then run `handover check`".to_owned()
            }
            Self::NoDump { to } => {
                format!("make one: `handover db dump --scratch --release {to}`")
            }
            Self::Early { to, .. } | Self::Lacks { to, .. } => dump(to),
            Self::Edited { migration, .. } => {
                format!("restore it: `git checkout -- {}`", migration.display())
            }
            Self::Layout { to } => {
                format!("write `minimum_version: {to}` there, then run the same command again")
            }
        })
    }
}
