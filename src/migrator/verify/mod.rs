//! Checks that a database matches its records, and that each stage may run twice.

mod finding;
mod matches_records;
mod twice;

pub use finding::Finding;
pub use matches_records::verify;
pub use twice::{Twice, run_twice};
