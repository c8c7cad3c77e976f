//! The arguments of `handover release`.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Release {
    /// Put the unreleased migrations into a release
    #[command(after_help = CUT)]
    Cut(Cut),
    /// Move a migration to an older line, with its id
    #[command(after_help = BACKPORT)]
    Backport(Backport),
    /// Show the releases that an upgrade goes through, and what to do in each
    #[command(
        after_help = "Examples:\n  handover release path --from 8.17.0 --to 9.0.1\n  handover release path --from 8.17.0 --to 9.0.1 --json"
    )]
    Path(Path),
    /// Announce a release to those who run it: what its migrations do, how long they take, and the
    /// commands to type
    #[command(after_help = NOTICE)]
    Notice(Notice),
    /// Fold the migrations up to a required stop into the schema dump
    #[command(after_help = SQUASH)]
    Squash(Squash),
}

const CUT: &str = "\
Examples:
  handover release cut 9.0.0
  handover release cut 9.0.0 --contract-release 9.2.0 --commit

Expand, backfill and plain SQL go into the release, contracts into the next one (with
semantic versions, the next patch). Each schema dump that the project has is made again, from the
migrations alone, on a scratch database.";

const SQUASH: &str = "\
Example:
  handover release squash --to 9.1.0

New databases are then loaded from the dump (`handover db load`), and one that is older than
9.1.0 is refused until it has been upgraded to that, with the files of 9.1.0.";

const NOTICE: &str = "\
Examples:
  handover release notice 9.0.0
  handover release notice 9.0.1 --from 8.17.0 --json
  handover release notice --unreleased

With --database-url, or DATABASE_URL in the environment, it says how long things take at the
sizes of that database.";

const BACKPORT: &str = "\
Examples:
  handover release backport rename_users_username_to_handle --to 8.17.1
  handover release backport 20261121093000 --to 8.17.1

A database that ran it there meets the same id in the newer line, and has nothing to run.
The newer line must have reserved slots: `handover gen reserve`.";

#[derive(Debug, Args)]
pub struct Cut {
    /// The release
    #[arg(value_name = "RELEASE")]
    pub release: String,
    /// Put the contracts into this release instead of the next one
    #[arg(long, value_name = "RELEASE")]
    pub contract_release: Option<String>,
    /// Keep the values of dropped columns until this release instead of the one that is chosen (in semver, the next minor)
    #[arg(long, value_name = "RELEASE")]
    pub keep_until: Option<String>,
    /// Also make the commit
    #[arg(long)]
    pub commit: bool,
    /// Do not make the schema dumps again
    #[arg(long)]
    pub no_dump: bool,
}

#[derive(Debug, Args)]
pub struct Backport {
    /// The id of a migration, or the name of a change: then all its stages move
    #[arg(value_name = "ID")]
    pub what: String,
    /// The release of the older line
    #[arg(long, value_name = "RELEASE")]
    pub to: String,
    /// Put the contract into this release instead of the next one
    #[arg(long, value_name = "RELEASE")]
    pub contract_release: Option<String>,
}

#[derive(Debug, Args)]
pub struct Path {
    /// The release that the database is at
    #[arg(long, value_name = "RELEASE")]
    pub from: String,
    /// The release to upgrade to
    #[arg(long, value_name = "RELEASE")]
    pub to: String,
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Squash {
    /// The last release to squash: one of `required_stops`
    #[arg(long, value_name = "RELEASE")]
    pub to: String,
}

#[derive(Debug, Args)]
pub struct Notice {
    /// The release
    #[arg(value_name = "RELEASE", required_unless_present = "unreleased")]
    pub release: Option<String>,
    /// The release that the database is at, instead of the one before
    #[arg(long, value_name = "RELEASE", conflicts_with = "unreleased")]
    pub from: Option<String>,
    /// Announce the migrations in unreleased/, as if they were one release
    #[arg(long, conflicts_with = "release")]
    pub unreleased: bool,
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
}
