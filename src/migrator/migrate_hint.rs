//! The next command to type after a run that ended early.

use super::error::MigrateError;
use crate::database::{Fault, LockError, fault};

/// The hint after an error that only a pooler causes.
pub(super) const POOLER: &str = "let DATABASE_URL go to the server itself, or to a pooler that keeps \
     prepared statements (PgBouncer from 1.21 on, with `max_prepared_statements`), then run the same \
     command again";

impl MigrateError {
    /// The next thing to type or look at.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Lock(LockError::Held) => {
                Some("wait for the other run, then `handover db status`".to_owned())
            }
            Self::Database(error) if fault(error) == Fault::Lock => Some(
                "another transaction holds the database; end it, then run the same command again"
                    .to_owned(),
            ),
            Self::Lock(LockError::Database(error)) | Self::Database(error)
                if fault(error) == Fault::PreparedStatement =>
            {
                Some(POOLER.to_owned())
            }
            Self::Lock(_) | Self::Database(_) => {
                Some("check the database, then run the same command again".to_owned())
            }
            Self::Releases(error) => error.hint(),
            Self::Plan(error) => error.hint(),
            Self::Refused(refusal) => refusal.hint(),
            Self::Schema(error) => error.hint(),
            Self::Trial(error) => error.hint(),
            Self::Format { .. } => Some("upgrade handover".to_owned()),
            Self::Initialised { correctable: true, .. } => Some(
                "see where it is: `handover db status`; as nothing has run yet, `handover db init \
                 --baseline RELEASE` corrects its release"
                    .to_owned(),
            ),
            Self::Initialised { correctable: false, .. } => {
                Some("see where it is: `handover db status`".to_owned())
            }
            Self::OutdatedProcesses { .. } => Some(
                "first roll out a release that is built with this version of handover, or stop them, then \
                 run the same command again"
                    .to_owned(),
            ),
            Self::Unsaid { beside_others: false } => {
                Some("give the release: `handover db init --baseline RELEASE`".to_owned())
            }
            Self::Unsaid { beside_others: true } => Some(
                "if none of this app's migrations has run: `handover db init --baseline none`; otherwise \
                 give the release that it is at: `handover db init --baseline RELEASE`"
                    .to_owned(),
            ),
            Self::Squashed { minimum } => Some(format!(
                "make the app's tables as of {minimum} from its schema dump, then run `handover db init \
                 --baseline {minimum}`"
            )),
            Self::Baseline { .. } => Some(
                "give the release whose schema it has: `handover db init --baseline RELEASE`"
                    .to_owned(),
            ),
            Self::NoCopy { .. } => {
                Some("see where each change is: `handover db status`".to_owned())
            }
            Self::SeveralCopies { changes } => {
                let names: Vec<String> = changes.iter().map(|name| format!("`{name}`")).collect();
                Some(format!("name one of them: {}", names.join(", ")))
            }
            Self::Stage { source, .. } => Some(source.hint()),
            Self::NoFunction { .. } => {
                Some("run the app's own command, in which it is registered".to_owned())
            }
            Self::Orm { .. } => {
                Some("fix the migration or the data, then run the same command again".to_owned())
            }
            Self::OrmUnrecorded { .. } => Some(
                "look at the list of the app's `Migrator`: does another one come first?".to_owned(),
            ),
            Self::OrmMissing { .. } => {
                Some("run the command of the release that has it, or of a later one".to_owned())
            }
            Self::Function { .. } => {
                Some("fix the function or the data, then run the same command again".to_owned())
            }
            Self::Sql { .. } => {
                Some("fix the SQL or the database, then run the same command again".to_owned())
            }
        }
    }
}
