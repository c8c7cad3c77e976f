/// Why a change could not be generated; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum GeneratorError {
    /// Both names are the same to a database that ignores case.
    #[error("cannot rename `{from}` to `{to}`: to a database that ignores case it is one name")]
    SameName {
        /// The name before.
        from: String,
        /// The name afterwards.
        to: String,
    },
}

impl GeneratorError {
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        None
    }
}
