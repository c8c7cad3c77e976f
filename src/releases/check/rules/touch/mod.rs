//! Plain SQL that touches a column while a rename of it is under way.

mod alter;
mod findings;
mod judge;
mod names;
mod read;
mod rows;
#[cfg(test)]
mod tests;
mod under_way;

pub(super) use findings::findings;
pub(in crate::releases) use findings::{Context, of_migrations};
