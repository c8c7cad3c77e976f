//! The sentences that the commands print.

pub mod change;
pub mod db;
pub mod generate;
