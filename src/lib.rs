#![doc = "Rename a database column with zero downtime, for Rust applications on sea-orm."]
#![warn(missing_docs)]

pub mod database;
pub mod model;
pub mod shim;

pub use database::Dialect;
