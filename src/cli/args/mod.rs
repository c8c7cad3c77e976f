//! The arguments of the command: one file for each group of commands.

mod check;
mod command;
mod db;
mod generate;
mod rehearse;
mod release;
mod tuning;

pub use check::{CHECK, Check, Format};
pub use command::{Cli, Command};
pub use db::{
    Backfill, Db, Dump, Init, Load, Look, Migrate, Plan, Rollback, Tune, Verify, Wanted, Which,
};
pub use generate::{Gen, GenDrop, GenRename, GenReserve, GenRetype, GenSql};
pub use rehearse::Rehearse;
pub use release::{Backport, Cut, Notice, Path, Release, Squash};
pub use tuning::Tuning;
