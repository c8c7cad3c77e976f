//! The floor `shim`, as far as it is pure.

#[path = "../../src/shim/mapping.rs"]
pub mod mapping;
#[path = "../../src/shim/rewrite/mod.rs"]
pub mod rewrite;
