//! From text to syntax trees, with a way around each form that the parser does not know.
//!
//! May use `source` and `grammar`.

mod conflict_target;
mod fragment;
mod maintenance;
mod mask;
mod partial_effect;
mod statements;
mod table_command;
mod word;

pub(crate) use conflict_target::InferenceClauses;
pub(crate) use mask::mask;
pub(crate) use partial_effect::keeps_partial_effect;
pub(crate) use statements::{ParsedStatement, ParsedText, parse};
pub(crate) use table_command::expand_table_command;
