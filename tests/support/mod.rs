//! What the tests stand on: servers of their own, and projects to run the command in.

pub mod postgres;
pub mod project;
mod schema;
pub mod traces;
