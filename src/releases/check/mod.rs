//! The checks that need no database: of each file, and of how the files of a project fit together.

#[cfg(feature = "cli")]
mod after;
#[cfg(feature = "cli")]
mod age;
mod error;
#[cfg(feature = "cli")]
mod finding;
#[cfg(feature = "cli")]
mod former_names;
#[cfg(feature = "cli")]
mod label;
#[cfg(feature = "cli")]
mod late;
#[cfg(feature = "cli")]
mod recorded;
#[cfg(feature = "cli")]
mod request;
#[cfg(feature = "cli")]
mod rule;
mod rules;
#[cfg(feature = "cli")]
mod run;
#[cfg(test)]
mod sample;
#[cfg(feature = "cli")]
mod scan;
mod slots;
#[cfg(feature = "cli")]
mod statement;
#[cfg(feature = "cli")]
mod stop;
#[cfg(feature = "cli")]
mod target;
#[cfg(test)]
mod tests;
#[cfg(feature = "cli")]
mod touch;

#[cfg(feature = "cli")]
pub(super) use after::findings as after_findings;
pub use error::CheckError;
#[cfg(feature = "cli")]
pub use finding::Finding;
#[cfg(feature = "cli")]
pub use former_names::Words;
#[cfg(feature = "cli")]
pub(super) use former_names::warnings;
#[cfg(feature = "cli")]
pub use label::Label;
#[cfg(feature = "cli")]
pub use request::Checks;
#[cfg(feature = "cli")]
pub use rule::{Rule, Severity};
pub(super) use rules::problems;
pub use rules::validate;
#[cfg(feature = "cli")]
pub use run::Checked;
pub(super) use slots::problems as slot_problems;
#[cfg(feature = "cli")]
pub(super) use touch::{Context as TouchContext, of_migrations as touches};
