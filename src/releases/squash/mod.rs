//! Folding what is behind a stop into the schema dump.

mod error;
mod fold;

pub use error::SquashError;
pub use fold::Squash;
