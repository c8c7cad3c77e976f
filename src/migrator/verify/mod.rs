//! Checks that a database matches its records, and that each stage may run twice.

mod finding;
mod look;
mod twice;

pub use finding::Finding;
pub use look::verify;
pub use twice::{Twice, run_twice};
