//! The floor `database`, as far as it is pure.

#[path = "../../src/database/dialect.rs"]
mod dialect;

pub use dialect::Dialect;
