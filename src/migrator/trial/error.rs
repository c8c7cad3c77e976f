use std::path::PathBuf;

use sea_orm::DbErr;

use crate::database::{ConnectError, ScratchError};
use crate::migrator::error::MigrateError;

/// Why the migrations cannot be tried. The scratch database is gone.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// There is no scratch database.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// The scratch database cannot be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The project's own SQL, to begin with, failed.
    #[error("`{}` failed on the empty scratch database", file.display())]
    Prepare {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: DbErr,
    },
    /// A migration failed.
    #[error("the migrations do not run on a scratch database")]
    Migrate(#[source] Box<MigrateError>),
}

impl TrialError {
    /// What to type or look at next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Scratch(error) => error.hint(),
            Self::Connect(error) => error.hint(),
            Self::Prepare { file, .. } => {
                Some(format!("mend `{}`, then run the same command again", file.display()))
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
