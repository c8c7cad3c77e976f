//! Why a schema could not be dumped.

use sea_orm::DbErr;

use super::program_error::ProgramError;

/// The reason why a schema could not be dumped.
#[derive(Debug, thiserror::Error)]
pub enum DumpFailure {
    /// The database's own dump program cannot be used.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The database reported an error.
    #[error("the schema cannot be read")]
    Database(#[from] DbErr),
}
