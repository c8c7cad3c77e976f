//! The command: arguments in, texts and an exit status out.

mod args;
mod change_messages;
mod check;
mod child;
mod completions;
mod db;
mod db_messages;
mod error;
mod exit;
mod generate;
mod generate_messages;
mod json;
mod man;
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
