//! Cutting a release: unreleased migrations move into releases, and a commit records that.

mod assign;
mod error;
mod git;

pub use assign::{Cut, CutRequest};
pub use error::CutError;
pub use git::Repository;
