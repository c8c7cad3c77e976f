//! Temporary empty databases, to try migrations on.

mod leftovers;
mod name;
mod scratch_database;

pub use scratch_database::{Scratch, ScratchError};
