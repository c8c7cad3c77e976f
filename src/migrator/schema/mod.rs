//! A schema dump of a database, and a fresh database from it.

mod dump;
mod error;
mod load;

pub use dump::dump_schema;
pub use error::SchemaError;
pub use load::{check_dump, load_schema};
