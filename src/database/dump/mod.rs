//! A database's schema as SQL: reading it in a reproducible form, and loading it into an empty
//! database.

mod error;
mod history_rows;
mod load;
mod mariadb;
mod postgres;
mod program;
mod schema;
mod sqlite;

pub use error::DumpFailure;
pub use history_rows::history_rows;
pub use load::load;
pub use program::ProgramError;
pub use schema::{schema, schema_with_guards};
