//! Moving a migration to an older line, with its id and bytes.

mod choose;
mod dependencies;
mod error;
mod plan_moves;
mod request;

pub use error::BackportError;
pub use plan_moves::{Backport, Moved};
pub use request::BackportRequest;
