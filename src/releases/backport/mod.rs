//! Moving a migration to an older line, with its id and bytes.

mod choose;
mod error;
mod lacks;
mod request;
mod run;

pub use error::BackportError;
pub use request::BackportRequest;
pub use run::{Backport, Moved};
