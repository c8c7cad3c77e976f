//! The whole life of the changes on a database for the time being, stopped wherever one wants to look.

mod course;
mod cut;
mod error;
mod rehearsal;

pub use course::{Course, Halt};
pub use error::TrialError;
pub use rehearsal::Moment;
