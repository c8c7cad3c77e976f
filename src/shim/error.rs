use std::sync::Arc;

use sea_orm::DbErr;

use super::rewrite::RewriteError;
use crate::database::ConnectError;
use crate::model::InvalidRelease;
use crate::releases::ReleasesError;

/// Why the shim did not start, or did not send a statement.
///
/// Out of a sea-orm call it comes wrapped in a [`DbErr`]; [`ShimError::of`] finds it there.
#[derive(Debug, thiserror::Error)]
pub enum ShimError {
    /// The builder was not told the app's release.
    #[error("the shim was not told the app's release; call `app_version`")]
    NoVersion,
    /// The app's release is no semantic version.
    #[error("the app's release is no version")]
    Version(#[from] InvalidRelease),
    /// The embedded migrations are malformed.
    #[error("the embedded migrations cannot be read")]
    Releases(#[from] ReleasesError),
    /// The connection is to a database that is not supported.
    #[error(transparent)]
    Connection(#[from] ConnectError),
    /// The statement cannot be mapped with certainty, so it was not sent.
    #[error("a statement on a renamed column was not sent")]
    Rewrite(#[from] RewriteError),
    /// The columns moved on while a transaction was open. Its statements so far are void; begin it
    /// again, and it will work.
    #[error("the columns moved on while this transaction was open; run it again")]
    RunAgain {
        /// What the database said.
        #[source]
        source: DbErr,
    },
}

impl ShimError {
    /// The shim's error inside a sea-orm error, if it is one.
    #[must_use]
    pub fn of(error: &DbErr) -> Option<&Self> {
        match error {
            DbErr::TryIntoErr { source, .. } => source.downcast_ref(),
            _ => None,
        }
    }

    /// Whether a sea-orm error says that its transaction failed only because the columns moved on,
    /// and will work when it is run again.
    #[must_use]
    pub fn is_run_again(error: &DbErr) -> bool {
        matches!(Self::of(error), Some(Self::RunAgain { .. }))
    }
}

impl From<ShimError> for DbErr {
    fn from(error: ShimError) -> Self {
        Self::TryIntoErr {
            from: "statement",
            into: "statement on the columns of today",
            source: Arc::new(error),
        }
    }
}

impl From<RewriteError> for DbErr {
    fn from(error: RewriteError) -> Self {
        ShimError::from(error).into()
    }
}
