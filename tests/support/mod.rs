//! What the tests stand on: servers of their own, and projects to run the command in.

pub mod app;
pub mod everything;
pub mod example;
mod initialised;
pub mod mariadb;
pub mod memory;
pub mod pgbouncer;
pub mod postgres;
pub mod project;
pub mod reads;
pub mod rename;
pub mod sample;
mod schema;
pub mod server;
pub mod spoil;
pub mod text_protocol;
pub mod traces;
pub mod wait;
