//! The command: arguments in, texts and an exit status out.

mod args;
mod check;
mod child;
mod completions;
mod db;
mod error;
mod exit;
mod generate;
mod json;
mod man;
mod messages;
mod project;
mod quantities;
mod rehearsal_report;
mod rehearse;
mod release;
mod report;
mod run;
mod tables;
mod trial;

pub use run::{command, main, main_with};
