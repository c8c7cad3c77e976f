//! The effects of a migration on those who use the database while it runs.

mod alter;
mod change;
mod estimate;
mod kinds;
mod of_migration;
mod speaker;
mod sql;
#[cfg(test)]
mod tests;

pub use estimate::{COPIED_ROWS, Overrun, SCANNED_ROWS, Sizes};
pub use kinds::{Effect, Extent, Impact, Traffic};
