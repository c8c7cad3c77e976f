//! The URL that is connected to, and errors without its password.

use std::error::Error;
use std::time::Duration;

use crate::database::redact::{hide, redact};
use crate::database::{ConnectError, plain};

/// The maximum time that a database may take to answer.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The URL that is connected to. Makes its errors, which do not contain its password.
#[derive(Clone, Copy)]
pub(super) struct Target<'a>(pub &'a str);

impl Target<'_> {
    /// The URL cannot be read.
    pub fn unreadable(self, error: &dyn Error) -> ConnectError {
        let message = hide(self.0, &plain(&error.to_string()));
        ConnectError::Url { url: redact(self.0), message }
    }

    /// The database did not answer, or refused.
    pub fn failed(self, error: &dyn Error) -> ConnectError {
        self.failed_with(&root_message(error))
    }

    /// The same, with a message.
    pub fn failed_with(self, message: &str) -> ConnectError {
        ConnectError::Connect { url: redact(self.0), message: hide(self.0, message) }
    }
}

/// The innermost message: the outer ones only repeat it with a prefix.
fn root_message(error: &dyn Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    plain(&last.to_string())
}
