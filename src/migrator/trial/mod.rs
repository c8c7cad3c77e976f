//! Runs all changes from begin to end on a scratch database, and stops where the caller wants to look.

mod course;
mod cut;
mod rehearsal;

pub use course::{Course, Halt};
pub use rehearsal::Moment;
