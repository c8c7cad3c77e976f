//! What the benchmarks stand on.

pub mod load;
pub mod point;
pub mod postgres;
pub mod project;
pub mod rounds;
#[path = "../../tests/support/server.rs"]
pub mod server;
pub mod site;
