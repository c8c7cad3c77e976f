//! A database's schema as SQL: reading it in a reproducible form, and loading it into an empty
//! database.

mod dispatch;
mod error;
mod history_rows;
mod load;
#[cfg(feature = "sqlx-mysql")]
mod mariadb;
mod mariadb_pieces;
#[cfg(feature = "sqlx-postgres")]
mod postgres;
#[cfg(any(feature = "sqlx-postgres", feature = "sqlx-mysql"))]
mod program;
mod program_error;
mod sqlite;

pub use dispatch::{schema, schema_with_guards};
pub use error::DumpFailure;
pub use history_rows::history_rows;
pub use load::load;
pub use program_error::ProgramError;
