//! What must hold between the files of a project.

mod error;
mod rules;
#[cfg(test)]
mod tests;

pub use error::CheckError;
pub(super) use rules::problems;
pub use rules::validate;
