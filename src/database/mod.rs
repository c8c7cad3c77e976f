//! What the three databases have in common and where they differ.

mod dialect;

pub use dialect::Dialect;
