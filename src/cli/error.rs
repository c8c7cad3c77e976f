//! Why a command failed, and what to do next.

use std::io;
use std::path::PathBuf;

use crate::database::ConnectError;
use crate::generator::GeneratorError;
use crate::migrator::MigrateError;
use crate::model::{InvalidName, InvalidRelease, Release};
use crate::releases::{
    BackportError, CutError, PathError, ReleasesError, SquashError, VersionError,
};

/// The name of the argument for a release that has no flag, as in the help.
pub const ARGUMENT: &str = "RELEASE";

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The database cannot be reached.
    #[error(transparent)]
    Database(#[from] ConnectError),
    /// The project's files cannot be read.
    #[error(transparent)]
    Releases(#[from] ReleasesError),
    /// The files cannot be written.
    #[error(transparent)]
    Write(ReleasesError),
    /// The app's release is not known.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// The change cannot be generated.
    #[error(transparent)]
    Generator(#[from] GeneratorError),
    /// The migration cannot move to an older line.
    #[error(transparent)]
    Backport(#[from] BackportError),
    /// A release cannot be cut.
    #[error(transparent)]
    Cut(#[from] CutError),
    /// A name on the command line is not valid.
    #[error("{source}")]
    Name {
        /// The cause.
        source: InvalidName,
        /// A command of the same kind, with good names.
        example: &'static str,
    },
    /// A release on the command line is not valid.
    #[error("{} is not a valid release", if *flag == ARGUMENT { "the argument".to_owned() } else { format!("`--{flag}`") })]
    Release {
        /// The flag, or [`ARGUMENT`].
        flag: &'static str,
        /// The cause.
        #[source]
        source: InvalidRelease,
    },
    /// There is no way from one release to another.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Migrations cannot be squashed.
    #[error(transparent)]
    Squash(#[from] SquashError),
    /// The manual cannot be written.
    #[error("cannot write the manual to `{}`", folder.display())]
    Man {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The release to check for is before that of the app.
    #[error("`--target {target}` is before {version}, the app's release")]
    Target {
        /// The target that was given.
        target: Release,
        /// The app's release.
        version: Release,
    },
    /// `check` found something.
    #[error("{} in the migration files", super::quantities::count(*count, "problem"))]
    Problems {
        /// The number of problems.
        count: usize,
    },
    /// `db verify` found something.
    #[error("the database differs from its records in {}", super::quantities::count(*count, "place"))]
    Findings {
        /// The number of differences.
        count: usize,
    },
    /// A stage has another result when it runs again.
    #[error("running again changes the result of {}", super::quantities::count(*count, "stage"))]
    Twice {
        /// The number of stages.
        count: usize,
    },
    /// The command to rehearse failed in a state.
    #[error("the command failed in {failed} of {}", super::quantities::count(*of, "state"))]
    Rehearsal {
        /// The number of states in which it failed.
        failed: usize,
        /// The number of all states.
        of: usize,
        /// True if the command has dropped handover's tables.
        made_anew: bool,
    },
    /// The command to rehearse cannot be started.
    #[error("`{}` cannot be started", program.to_string_lossy())]
    Command {
        /// The program.
        program: std::ffi::OsString,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// Migrating failed.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// A signal came.
    #[error("interrupted; what was finished stays finished")]
    Interrupted,
}

impl CliError {
    /// The next thing to type.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Database(error) => error.hint(),
            Self::Releases(error) | Self::Write(error) => error.hint(),
            Self::Version(error) => error.hint(),
            Self::Generator(error) => error.hint(),
            Self::Backport(error) => error.hint(),
            Self::Cut(error) => error.hint(),
            Self::Name { example, .. } => Some((*example).to_owned()),
            Self::Release { flag: ARGUMENT, source } => {
                Some(format!("give a release such as {}{}", source.scheme().sample(), source.advice()))
            }
            Self::Release { flag, source } => {
                let sample = source.scheme().sample().trim_matches('`');
                Some(format!("give a release such as `--{flag} {sample}`{}", source.advice()))
            }
            Self::Path(error) => error.hint(),
            Self::Squash(error) => error.hint(),
            Self::Man { folder, .. } => {
                Some(format!("make the folder first: `mkdir -p {}`", folder.display()))
            }
            Self::Target { version, .. } => {
                Some(format!("give the next release, such as `--target {}`", version.next()))
            }
            Self::Problems { .. } => {
                Some("fix the files, then run `handover check` again".to_owned())
            }
            Self::Findings { .. } => {
                Some("fix what differs, then run `handover db verify` again".to_owned())
            }
            Self::Twice { .. } => {
                Some("please report it: every stage has to be safe to run again".to_owned())
            }
            Self::Rehearsal { made_anew: true, .. } => Some(
                "let the command use the database as it is: it is already migrated, to the state that \
                 is rehearsed"
                    .to_owned(),
            ),
            Self::Rehearsal { .. } => Some(
                "fix the code, so that it works in every state; the shim takes either name"
                    .to_owned(),
            ),
            Self::Command { .. } => {
                Some("give a program that is in PATH: `handover rehearse -- cargo test`".to_owned())
            }
            Self::Migrate(error) => error.hint(),
            Self::Interrupted => Some("run the same command again to resume".to_owned()),
        }
    }
}
