//! Checks that a database matches its records, and that each stage may run twice.

mod database;
mod finding;
mod twice;

pub use database::verify;
pub use finding::Finding;
pub use twice::{Twice, run_twice};
