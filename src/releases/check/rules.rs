use super::Migration;

/// Why files that are fine each on its own do not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {}

impl CheckError {
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        None
    }
}

/// Checks everything that can be known from the files alone.
///
/// # Errors
/// The first thing that does not fit.
pub fn validate(migrations: &[Migration]) -> Result<(), CheckError> {
    let _ = migrations;
    Ok(())
}
