use sea_orm::DbErr;

use super::program::ProgramError;

/// Why there is no dump of a schema.
#[derive(Debug, thiserror::Error)]
pub enum DumpFailure {
    /// The database's own program for it cannot be used.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The database failed.
    #[error("the schema cannot be read")]
    Database(#[from] DbErr),
}
