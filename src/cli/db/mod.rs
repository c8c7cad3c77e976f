//! The commands on a database, one file each.

mod backfill;
mod dispatch;
mod dump;
mod init;
mod load;
mod migrate;
mod plan;
mod rollback;
mod status;
mod verify;

pub use dispatch::run;
