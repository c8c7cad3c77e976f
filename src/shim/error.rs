//! Why the shim did not start, or did not send a statement.

use sea_orm::{DbErr, RuntimeErr};

use super::rewrite::RewriteError;
use crate::database::ConnectError;
use crate::model::{InvalidAppName, InvalidChangeName, InvalidRelease};
use crate::releases::ReleasesError;

/// The reason why the shim did not start, or did not send a statement.
///
/// A sea-orm call returns it as a [`DbErr`] whose text says all of it: `Execution Error: handover: the
/// statement was not sent: …`. [`ShimError::is_refused`] and [`ShimError::is_run_again`] tell what to do.
#[derive(Debug, thiserror::Error)]
pub enum ShimError {
    /// The builder was not given the app's release.
    #[error("the app's release is missing; call `app_version` on the builder")]
    NoVersion,
    /// The app's release is not a semantic version.
    #[error("the app's release is not a valid version")]
    Version(#[from] InvalidRelease),
    /// The app's name is not valid.
    #[error("the app's name is not valid")]
    App(#[source] InvalidAppName),
    /// The id of a change that the code has followed is not valid.
    #[error("the id of a change is not valid")]
    Change(#[source] InvalidChangeName),
    /// The embedded migrations are malformed.
    #[error("the embedded migrations cannot be read")]
    Releases(#[from] ReleasesError),
    /// The connection is to a database that is not supported.
    #[error(transparent)]
    Connection(#[from] ConnectError),
    /// The statement cannot be mapped with certainty, so it was not sent.
    #[error("the statement was not sent")]
    Rewrite(#[from] RewriteError),
    /// The columns changed while a transaction was open. Its statements so far are void; it works
    /// when it is run again.
    #[error("the columns changed while this transaction was open; run the transaction again")]
    RunAgain {
        /// The error of the database.
        #[source]
        source: DbErr,
    },
}

/// The beginning of each text of the shim. sea-orm gives its own texts no such beginning, and the texts
/// of a database come as another variant.
const PREFIX: &str = "handover: ";

impl ShimError {
    /// Returns true if the error says that the shim did not send a statement, because it cannot map it
    /// with certainty. Sending it again does not help.
    #[must_use]
    pub fn is_refused(error: &DbErr) -> bool {
        begins(error, "the statement was not sent")
    }

    /// Returns true if the error says that its transaction failed only because the columns changed.
    /// The transaction works when it is run again.
    #[must_use]
    pub fn is_run_again(error: &DbErr) -> bool {
        begins(error, "the columns changed while this transaction was open")
    }

    /// The error and its causes in one line, as `Display` leaves out the causes.
    fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            // A wrapper that passes on its cause has the same text at its end.
            if !text.ends_with(&cause_text) {
                text = format!("{text}: {cause_text}");
            }
            source = cause.source();
        }
        text
    }
}

fn begins(error: &DbErr, with: &str) -> bool {
    let (DbErr::Exec(RuntimeErr::Internal(text)) | DbErr::Conn(RuntimeErr::Internal(text))) = error
    else {
        return false;
    };
    text.strip_prefix(PREFIX).is_some_and(|text| text.starts_with(with))
}

impl From<ShimError> for DbErr {
    /// `RewriteError` → `Execution Error: handover: the statement was not sent: …`.
    fn from(error: ShimError) -> Self {
        let text = RuntimeErr::Internal(format!("{PREFIX}{}", error.chain()));
        match error {
            ShimError::Rewrite(_) | ShimError::RunAgain { .. } => Self::Exec(text),
            ShimError::NoVersion
            | ShimError::Version(_)
            | ShimError::App(_)
            | ShimError::Change(_)
            | ShimError::Releases(_)
            | ShimError::Connection(_) => Self::Conn(text),
        }
    }
}

impl From<RewriteError> for DbErr {
    fn from(error: RewriteError) -> Self {
        ShimError::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_that_an_application_logs_says_what_happened_and_why() {
        let refused = RewriteError::Unsupported { form: "a form".into(), sql: "SELECT ?".into() };
        let refused: DbErr = refused.into();
        insta::assert_snapshot!(refused, @"Execution Error: handover: the statement was not sent: not supported on a renamed table: a form, in `SELECT ?`");
        assert!(ShimError::is_refused(&refused) && !ShimError::is_run_again(&refused));

        let source = DbErr::Exec(RuntimeErr::Internal("no such column: username".into()));
        let again: DbErr = ShimError::RunAgain { source }.into();
        insta::assert_snapshot!(again, @"Execution Error: handover: the columns changed while this transaction was open; run the transaction again: Execution Error: no such column: username");
        assert!(ShimError::is_run_again(&again) && !ShimError::is_refused(&again));

        let version: DbErr =
            ShimError::from("nine".parse::<crate::model::Release>().unwrap_err()).into();
        insta::assert_snapshot!(version, @"Connection Error: handover: the app's release is not a valid version: `nine` is not a version of the form `9.0.0`");
        assert!(!ShimError::is_refused(&version));
    }

    #[test]
    fn an_error_of_the_database_is_not_taken_for_one_of_the_shim() {
        let text = "handover: the statement was not sent";
        assert!(!ShimError::is_refused(&DbErr::Query(RuntimeErr::Internal(text.into()))));
        assert!(!ShimError::is_refused(&DbErr::Custom(text.into())));
    }
}
