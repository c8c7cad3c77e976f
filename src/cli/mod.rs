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
mod project;
mod rehearse;
mod rehearsed;
mod release;
mod report;
mod run;
mod tables;
mod trial;
mod words;
mod words_of_kinds;

pub use run::{command, main, main_with};
