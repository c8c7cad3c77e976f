use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Release {
    /// Move a migration to an older line, with its id
    #[command(after_help = BACKPORT)]
    Backport(Backport),
    /// Show the releases that an upgrade goes through, and what to do in each
    #[command(
        after_help = "Examples:\n  handover release path --from 8.17.0 --to 9.0.1\n  handover release path --from 8.17.0 --to 9.0.1 --json"
    )]
    Path(Path),
}

const BACKPORT: &str = "\
Examples:
  handover release backport rename_users_username_to_handle --to 8.17.1
  handover release backport 20261121093000 --to 8.17.1

A database that ran it there meets the same id in the newer line, and has nothing to run.
The newer line must have kept places: `handover gen reserve`.";

#[derive(Debug, Args)]
pub struct Backport {
    /// The id of a migration, or the name of a change: then all its stages move
    #[arg(value_name = "ID")]
    pub what: String,
    /// The release of the older line
    #[arg(long, value_name = "X.Y.Z")]
    pub to: String,
    /// Put the contract into this release instead of the next patch
    #[arg(long, value_name = "X.Y.Z")]
    pub contract_release: Option<String>,
}

#[derive(Debug, Args)]
pub struct Path {
    /// The release that the database is at
    #[arg(long, value_name = "X.Y.Z")]
    pub from: String,
    /// The release to upgrade to
    #[arg(long, value_name = "X.Y.Z")]
    pub to: String,
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
}
