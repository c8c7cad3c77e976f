//! The checks that need no database: of each file, and of how the files of a project fit together.

mod after;
mod age;
mod code;
mod error;
mod finding;
mod label;
mod late;
mod recorded;
mod request;
mod rule;
mod rules;
mod run;
#[cfg(test)]
mod sample;
mod scan;
mod slots;
mod statement;
mod stop;
mod target;
#[cfg(test)]
mod tests;
mod touch;

pub(super) use after::findings as after_findings;
pub use code::Words;
pub(super) use code::warnings;
pub use error::CheckError;
pub use finding::Finding;
pub use label::Label;
pub use request::Checks;
pub use rule::{Rule, Severity};
pub(super) use rules::problems;
pub use rules::validate;
pub use run::Checked;
pub(super) use slots::problems as slot_problems;
pub(super) use touch::{Context as TouchContext, of_migrations as touches};
