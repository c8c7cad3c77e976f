//! The documentation is true: its links lead somewhere, its generated parts are those of this code, and
//! the tutorial prints what it shows.

mod commands;
mod footprint;
mod generated;
mod links;
pub mod page;
mod rust_version;
mod tutorial;
