//! The arguments of `handover rehearse`.

use std::ffi::OsString;

use clap::Args;

pub const EXAMPLES: &str = "\
Examples:
  handover rehearse -- cargo test
  handover rehearse --jobs 4 -- script/test --quick

Each run gets DATABASE_URL, a scratch database of its own that the migrations have brought to that state,
and VERSION, the release at which it is met. The databases are made on the server of DATABASE_URL or
--database-url and dropped again. They begin with the project's schema dump, or else with nothing and the
SQL that `rehearse.prepare` in handover.yml names. Exit status 1 if the command fails in a state.";

#[derive(Debug, Args)]
pub struct Rehearse {
    /// The number of parallel runs
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub jobs: u8,
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
    /// The command, such as that of the app's tests
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}
