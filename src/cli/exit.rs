//! The exit statuses, and the status of each kind of failure.

use std::process::ExitCode;

use super::error::CliError;
use crate::database::{ConnectError, Fault, LockError, ScratchError, fault};
use crate::migrator::{MigrateError, SchemaError, TrialError};
use crate::releases::{BackportError, CutError, PathError, ReleasesError, SquashError};

/// Done, or nothing to do.
pub const DONE: u8 = 0;
/// Something failed.
pub const FAILED: u8 = 1;
/// Wrong usage or a bad file; nothing has run.
pub const USAGE: u8 = 2;
/// A gate refused.
pub const REFUSED: u8 = 3;
/// Interrupted; the same command resumes.
pub const INTERRUPTED: u8 = 4;

/// Returns the exit status of a failure.
pub fn status(error: &CliError) -> u8 {
    match error {
        CliError::Database(ConnectError::Connect { .. })
        | CliError::Write(_)
        | CliError::Man { .. }
        | CliError::Findings { .. }
        | CliError::Twice { .. }
        | CliError::Rehearsal { .. } => FAILED,
        CliError::Database(_)
        | CliError::Releases(_)
        | CliError::Version(_)
        | CliError::Generator(_)
        | CliError::Name { .. }
        | CliError::Release { .. }
        | CliError::Path(PathError::Backwards { .. } | PathError::Stop(_))
        | CliError::Command { .. }
        | CliError::Target { .. }
        | CliError::Problems { .. } => USAGE,
        CliError::Cut(error) => match error {
            CutError::Lower { .. }
            | CutError::Exists { .. }
            | CutError::Dirty { .. }
            | CutError::Touches { .. }
            | CutError::NoServer { .. } => REFUSED,
            CutError::NoGit(_) | CutError::Git { .. } => FAILED,
            CutError::Empty { .. }
            | CutError::ContractRelease { .. }
            | CutError::PurgeRelease { .. }
            | CutError::Files { .. }
            | CutError::NoRepository { .. } => USAGE,
        },
        CliError::Backport(error) => match error {
            BackportError::Releases(_)
            | BackportError::Unknown { .. }
            | BackportError::Slot { .. }
            | BackportError::Ambiguous { .. }
            | BackportError::ContractRelease { .. } => USAGE,
            BackportError::Alone { .. }
            | BackportError::NotEarlier { .. }
            | BackportError::NoSlots { .. }
            | BackportError::SlotsTaken { .. }
            | BackportError::Lacks { .. }
            | BackportError::After { .. }
            | BackportError::Files { .. } => REFUSED,
        },
        CliError::Squash(error) => match error {
            SquashError::Releases(ReleasesError::Write { .. }) => FAILED,
            SquashError::Releases(_)
            | SquashError::Earlier { .. }
            | SquashError::Edited { .. }
            | SquashError::Layout { .. } => USAGE,
            SquashError::NoStop { .. }
            | SquashError::Unfinished { .. }
            | SquashError::NoDump { .. }
            | SquashError::Early { .. }
            | SquashError::Lacks { .. } => REFUSED,
        },
        CliError::Path(PathError::TooOld { .. }) => REFUSED,
        CliError::Interrupted => INTERRUPTED,
        CliError::Migrate(error) => match error {
            MigrateError::Releases(_)
            | MigrateError::Plan(_)
            | MigrateError::Initialised { .. }
            | MigrateError::Unsaid { .. }
            | MigrateError::Squashed { .. }
            | MigrateError::Baseline { .. }
            | MigrateError::OrmMissing { .. }
            | MigrateError::NoCopy { .. }
            | MigrateError::SeveralCopies { .. }
            | MigrateError::Format { .. } => USAGE,
            MigrateError::Schema(error) => match error {
                SchemaError::Unfinished { .. }
                | SchemaError::Running { .. }
                | SchemaError::Moved => REFUSED,
                SchemaError::Dump(_) | SchemaError::Statement { .. } => FAILED,
                SchemaError::Kind { .. }
                | SchemaError::NotEmpty { .. }
                | SchemaError::Edited { .. }
                | SchemaError::Missing { .. }
                | SchemaError::Content { .. } => USAGE,
            },
            MigrateError::Refused(_)
            | MigrateError::OutdatedProcesses { .. }
            | MigrateError::Lock(LockError::Held) => REFUSED,
            // A URL that is not valid is wrong usage, whatever it was for.
            MigrateError::Trial(
                TrialError::Connect(error) | TrialError::Scratch(ScratchError::Connect(error)),
            ) if !matches!(error, ConnectError::Connect { .. }) => USAGE,
            // A lock that could not be had in time.
            MigrateError::Database(error) if fault(error) == Fault::Lock => REFUSED,
            MigrateError::Lock(_)
            | MigrateError::Trial(_)
            | MigrateError::Stage { .. }
            | MigrateError::Sql { .. }
            | MigrateError::Function { .. }
            | MigrateError::NoFunction { .. }
            | MigrateError::Orm { .. }
            | MigrateError::OrmUnrecorded { .. }
            | MigrateError::Database(_) => FAILED,
        },
    }
}

/// Converts a status for the operating system.
pub fn code(status: u8) -> ExitCode {
    ExitCode::from(status)
}
