//! Which release each unreleased migration goes into, and the commit that says so.

mod assign;
mod error;
mod git;

pub use assign::{Cut, CutRequest};
pub use error::CutError;
pub use git::Repository;
