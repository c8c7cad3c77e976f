//! Folding the migrations up to a required stop into the schema dump.

mod error;
mod fold;

pub use error::SquashError;
pub use fold::Squash;
