//! The rules of `handover check`: one file for each, or for a few about the same thing.

mod after_entry;
mod ahead_of_target;
mod finding;
mod former_names;
mod label;
mod late_migration;
mod no_statement;
mod recorded_in_dump;
mod request;
mod required_stops;
mod rule;
mod rule_of_error;
mod run;
#[cfg(test)]
mod sample;
mod sql_during_rename;
mod timestamps;
mod words_of_code;

pub(in crate::releases) use after_entry::findings as after_findings;
pub use finding::Finding;
pub use former_names::Words;
pub(in crate::releases) use former_names::warnings;
pub use label::Label;
pub use request::Checks;
pub use rule::{Rule, Severity};
pub use run::Checked;
pub(in crate::releases) use sql_during_rename::{
    Context as TouchContext, of_migrations as touches,
};
