//! Moving a migration to an older line, with its id and bytes.

mod choose;
mod dependencies;
mod error;
mod request;
mod run;

pub use error::BackportError;
pub use request::BackportRequest;
pub use run::{Backport, Moved};
