//! Dumping the schema of a database, and making a new database from the dump.

mod dump;
mod error;
mod load;
mod scratch;

pub use dump::dump_schema;
pub use error::SchemaError;
pub use load::{check_dump, load_schema};
pub use scratch::dump_from_scratch;
