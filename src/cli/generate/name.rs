//! Reads the names on the command line.

use std::str::FromStr;

use crate::cli::error::CliError;
use crate::model::InvalidName;

/// Reads a name; the error has a command as an example of good ones.
pub(super) fn name<T: FromStr<Err = InvalidName>>(
    text: &str,
    example: &'static str,
) -> Result<T, CliError> {
    text.parse().map_err(|source| CliError::Name { source, example })
}
