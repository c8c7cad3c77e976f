//! The drop-in sea-orm connection that maps renamed columns.

mod attempt;
mod builder;
mod cache;
mod connection;
mod counters;
mod error;
mod front;
mod keep;
mod lease;
mod line;
pub mod mapping;
mod resend;
pub mod rewrite;
mod rewritten;
mod send;
mod sending;
mod sent;
mod snapshot;
mod stream;
mod transaction;

pub use builder::{IntoReleases, ShimBuilder};
pub use connection::Shim;
pub use error::ShimError;
pub use rewritten::Rewritten;
pub use stream::ShimStream;
pub use transaction::ShimTransaction;
