//! The command: arguments in, words and an exit status out.

mod args;
mod backport;
mod check;
mod child;
mod completions;
mod db_backfill;
mod db_dump;
mod db_load;
mod db_verify;
mod error;
mod exit;
mod gen_rename;
mod gen_reserve;
mod gen_sql;
mod init;
mod json;
mod man;
mod migrate;
mod plan;
mod project;
mod rehearse;
mod rehearsed;
mod release;
mod report;
mod rollback;
mod run;
mod sources;
mod status;
mod tables;
mod trial;
mod words;

pub use run::{command, main, main_with};
