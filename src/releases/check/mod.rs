//! What must hold between the files of a project.

mod error;
mod rules;
mod slots;
#[cfg(test)]
mod tests;

pub use error::CheckError;
pub(super) use rules::problems;
pub use rules::validate;
pub(super) use slots::problems as slot_problems;
