//! The whole life of the changes on a database for the time being, stopped wherever one wants to look.

mod course;
mod cut;
mod rehearsal;

pub use course::{Course, Halt};
pub use rehearsal::Moment;
