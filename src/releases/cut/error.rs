//! Why a release cannot be cut.

use std::io;
use std::path::PathBuf;

use crate::model::Release;
use crate::releases::{Finding, ReleasesError};

/// Why a release cannot be cut; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum CutError {
    /// A later release is cut, or out.
    #[error("{release} cannot be cut: {latest} is cut, or out, already")]
    Lower {
        /// The release.
        release: Release,
        /// The later one.
        latest: Release,
    },
    /// The release has migrations of its own.
    #[error(
        "{release} is cut already, and these came after it: {}",
        paths.iter().map(|path| format!("`{}`", path.display())).collect::<Vec<_>>().join(", ")
    )]
    Exists {
        /// The release.
        release: Release,
        /// The unreleased files.
        paths: Vec<PathBuf>,
    },
    /// Nothing is unreleased.
    #[error("there is nothing to cut for {release}: no migration is unreleased")]
    Empty {
        /// The release.
        release: Release,
    },
    /// The contracts would not be in a later release.
    #[error("the contracts cannot be in {contract}: it must be later than {release}")]
    ContractRelease {
        /// The release of the contracts.
        contract: Release,
        /// The release that is cut.
        release: Release,
    },
    /// The purges would not be in a later release.
    #[error(
        "the purges cannot be in {purge}: it must be later than {contract}, the release of the contracts"
    )]
    PurgeRelease {
        /// The release of the purges.
        purge: Release,
        /// The release of the contracts.
        contract: Release,
    },
    /// The files would not fit together afterwards.
    #[error("the migrations would not fit together in {release}")]
    Files {
        /// The release.
        release: Release,
        /// The cause.
        #[source]
        source: Box<ReleasesError>,
    },
    /// A file would run between the stages of a rename whose column it touches.
    #[error(
        "{release} cannot be cut: {}",
        findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; and ")
    )]
    Touches {
        /// The release.
        release: Release,
        /// The problems; at least one.
        findings: Vec<Finding>,
    },
    /// The folders have uncommitted changes, which the release's commit would include.
    #[error(
        "these are not committed: {}",
        paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ")
    )]
    Dirty {
        /// The paths that git reports as changed.
        paths: Vec<String>,
    },
    /// There is no git repository to commit to.
    #[error("`{}` is not in a git repository", root.display())]
    NoRepository {
        /// The project's root.
        root: PathBuf,
    },
    /// Git could not be run.
    #[error("git cannot be run")]
    NoGit(#[source] io::Error),
    /// Git failed; the files are as they were.
    #[error("`git {command}` failed: {message}")]
    Git {
        /// The arguments that git was given.
        command: String,
        /// Its error output.
        message: String,
    },
    /// A schema dump has to be made again, but no server of its kind of database was given.
    #[error("`{file}` cannot be dumped again: that needs a server for a scratch database")]
    NoServer {
        /// The dump.
        file: &'static str,
    },
}

impl CutError {
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Lower { latest, .. } => {
                format!("cut a later release: `handover release cut {}`", latest.gating().next())
            }
            Self::Exists { release, .. } => {
                format!("cut the next: `handover release cut {}`", release.gating().next())
            }
            Self::Empty { .. } => {
                "a release without migrations needs no cut; write one with `handover gen`"
                    .to_owned()
            }
            Self::ContractRelease { release, .. } => {
                format!("leave out `--contract-release`, which gives {}", release.gating().next())
            }
            Self::PurgeRelease { contract, .. } => {
                format!("leave out `--keep-until`, which gives {}", contract.later())
            }
            Self::Files { source, .. } => return source.hint(),
            Self::Touches { findings, .. } => return findings.first()?.hint.clone(),
            Self::Dirty { .. } => "commit them, or put them aside: `git stash -u`".to_owned(),
            Self::NoRepository { .. } => "leave out `--commit`".to_owned(),
            Self::NoGit(_) => "install git, or leave out `--commit`".to_owned(),
            Self::Git { .. } => "fix what git reports, then run the same command again".to_owned(),
            Self::NoServer { file } => format!(
                "give `--database-url` of such a server, or dump `{file}` again afterwards: \
                 `handover release cut --no-dump`"
            ),
        })
    }
}
