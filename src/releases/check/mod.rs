//! The checks that need no database: of each file, and of how the files of a project fit together.

mod consistency;
mod error;
#[cfg(feature = "cli")]
mod rules;

pub use consistency::validate;
pub(super) use consistency::{problems, slot_problems};
pub use error::CheckError;
#[cfg(feature = "cli")]
pub use rules::{Checked, Checks, Finding, Label, Rule, Severity, Words};
#[cfg(feature = "cli")]
pub(super) use rules::{TouchContext, after_findings, touches, warnings};
