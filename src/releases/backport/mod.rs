//! Moving a migration to an older line, with its id and bytes.

mod choose;
mod error;
mod lacks;
mod request;

pub use error::BackportError;
pub use request::{Backport, BackportRequest, Moved};
