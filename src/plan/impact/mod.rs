//! The effects of a migration on those who use the database while it runs.

mod alter;
mod change;
mod effect;
mod estimate;
mod of_migration;
mod speaker;
mod sql;
#[cfg(test)]
mod tests;

pub use effect::{Effect, Extent, Impact, Traffic};
pub use estimate::{COPIED_ROWS, Overrun, SCANNED_ROWS, Sizes};
