//! Whether a database is what it records, and whether each stage may run twice.

mod finding;
mod look;
mod twice;

pub use finding::Finding;
pub use look::verify;
pub use twice::{Twice, run_twice};
