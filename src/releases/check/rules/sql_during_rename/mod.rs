//! Plain SQL that touches a column while a rename of it is under way.

mod ddl;
mod dml;
mod findings;
mod messages;
mod names;
mod split_statements;
mod statement_effect;
#[cfg(test)]
mod tests;
mod under_way;

pub(super) use findings::findings;
pub(in crate::releases) use findings::{Context, of_migrations};
