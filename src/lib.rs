#![doc = "Rename a database column with zero downtime, for Rust applications on sea-orm."]
#![warn(missing_docs)]

pub mod database;
pub mod fleet;
pub mod generator;
pub mod manifest;
pub mod migrator;
pub mod model;
pub mod plan;
pub mod releases;
pub mod shim;

/// What the macro [`releases!`] expands to; no part of the interface.
#[doc(hidden)]
pub mod __private {
    pub use include_dir;
}

pub use database::Dialect;
