//! The drop-in sea-orm connection that maps renamed columns.

pub mod mapping;
pub mod rewrite;
