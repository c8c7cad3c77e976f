//! How the files of a project fit together. Every app checks this when it reads its migrations.

mod duplicate_ids;
mod overlap;
mod reserved_slots;
mod stage_order;
mod stages_of_change;
#[cfg(test)]
mod tests;
mod validate;

pub(in crate::releases) use reserved_slots::problems as slot_problems;
pub(in crate::releases) use validate::problems;
pub use validate::validate;
