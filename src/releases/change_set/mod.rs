//! Changing the project's files: all that belongs together, or nothing.

mod apply;
mod undo;
mod write;

pub use apply::ChangeSet;
pub use write::write_all;
