use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

/// Rename a database column while the application keeps running
#[derive(Debug, Parser)]
#[command(name = "handover", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Cli {
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = ".",
        help = "The project's folder, with VERSION and release_migrations"
    )]
    pub root: PathBuf,

    /// Show what is done, step by step
    #[arg(short, long, global = true)]
    pub verbose: bool,

    // Read from the environment where it is used: an argument that clap finds there is printed in
    // the usage of every error as if it had been typed.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help = "The database [env: DATABASE_URL] [default: sqlite://handover.sqlite3?mode=rwc]"
    )]
    pub database_url: Option<String>,

    /// The app's release, instead of that in the environment variable VERSION or the file VERSION
    #[arg(long, global = true, value_name = "X.Y.Z")]
    pub app_version: Option<String>,

    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  handover gen rename users.username handle     write the three migrations of a rename
  handover db migrate --pre                     before the new release is rolled out
  handover db migrate --post --wait 10m         after every process runs it
  handover db status                            where every change is

Exit status: 0 done or nothing to do; 1 failed; 2 wrong usage or a bad file;
3 refused, try later or follow the hint; 4 interrupted, run again to resume.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Generate the migrations of a change
    #[command(subcommand)]
    Gen(Gen),
    /// Migrate the database, or look at it
    #[command(subcommand)]
    Db(Db),
    /// Check the migration files without a database
    #[command(after_help = "Example:\n  handover check")]
    Check,
    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  handover completions bash > /etc/bash_completion.d/handover"
    )]
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub enum Gen {
    /// Write the migrations that rename a column: expand, backfill, contract
    #[command(after_help = GEN_RENAME)]
    Rename(GenRename),
}

const GEN_RENAME: &str = "\
Examples:
  handover gen rename users.username handle
  handover gen rename app.users.username handle --release 9.0.0
  handover gen rename '\"odd.table\".user name' handle

A part of the path that contains a dot goes in double quotes.";

#[derive(Debug, Args)]
pub struct GenRename {
    /// The column: table.column or schema.table.column
    #[arg(value_name = "TABLE.COLUMN")]
    pub column: String,
    /// What it shall be called
    #[arg(value_name = "NAME")]
    pub to: String,
    /// Put the files into this release (and the contract into the next patch) instead of
    /// unreleased/
    #[arg(long, value_name = "X.Y.Z")]
    pub release: Option<String>,
    /// Put the contract into this release
    #[arg(long, value_name = "X.Y.Z", requires = "release")]
    pub contract_release: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Db {
    /// Make handover's own tables, and say what release the schema is at
    #[command(after_help = "Examples:\n  handover db init\n  handover db init --baseline 8.17.0")]
    Init(Init),
    /// Show where the database, every change and every process is; changes nothing
    #[command(after_help = "Examples:\n  handover db status\n  handover db status --json")]
    Status(Look),
    /// Show what `migrate` would do now, and what not and why; changes nothing
    #[command(after_help = "Examples:\n  handover db plan\n  handover db plan --post --json")]
    Plan(Plan),
    /// Run what the app's release has reached, and what the running processes make safe
    #[command(
        after_help = "Examples:\n  handover db migrate --pre\n  handover db migrate --post --wait 10m"
    )]
    Migrate(Migrate),
    /// Undo the last migrations, without losing a write
    #[command(after_help = "Examples:\n  handover db rollback\n  handover db rollback --step 3")]
    Rollback(Rollback),
}

/// At least a millisecond: to PostgreSQL, none at all means to wait without end.
fn lock_timeout(text: &str) -> Result<Duration, &'static str> {
    let timeout = duration(text)?;
    let bounds = Duration::from_millis(1)..=Duration::from_mins(1);
    if bounds.contains(&timeout) { Ok(timeout) } else { Err("it must be within 1ms to 60s") }
}

#[derive(Debug, Args)]
pub struct Tuning {
    /// Rows that a backfill copies in one transaction
    #[arg(long, value_name = "ROWS", env = "HANDOVER_BATCH_SIZE", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub batch_size: Option<u32>,
    /// Rest between two batches
    #[arg(long, value_name = "DURATION", env = "HANDOVER_BATCH_PAUSE", value_parser = duration)]
    pub batch_pause: Option<Duration>,
    /// How long a schema change waits for a lock before it lets the app go first
    #[arg(long, value_name = "DURATION", env = "HANDOVER_LOCK_TIMEOUT", value_parser = lock_timeout)]
    pub lock_timeout: Option<Duration>,
    /// How long it comes back and tries again
    #[arg(long, value_name = "DURATION", env = "HANDOVER_LOCK_PATIENCE", value_parser = duration)]
    pub lock_patience: Option<Duration>,
    /// How long to wait for the processes to acknowledge a change of state
    #[arg(long, value_name = "DURATION", env = "HANDOVER_ACKNOWLEDGEMENT_PATIENCE", value_parser = duration)]
    pub acknowledgement_patience: Option<Duration>,
}

#[derive(Debug, Args)]
pub struct Init {
    /// The database is empty, and the app makes its tables as its present code wants them
    #[arg(long, conflicts_with = "baseline")]
    pub fresh: bool,
    /// The schema is that of this release: what belongs to it or an earlier one has run
    #[arg(long, value_name = "X.Y.Z")]
    pub baseline: Option<String>,
}

#[derive(Debug, Args)]
pub struct Look {
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Which {
    /// Only what runs before the release's code is rolled out
    #[arg(long, conflicts_with = "post")]
    pub pre: bool,
    /// Only what runs after every process has the release
    #[arg(long)]
    pub post: bool,
    /// No app process is running: do not wait for any
    #[arg(long)]
    pub offline: bool,
    /// Run what is in unreleased/ too, as part of the app's present release (for development)
    #[arg(long)]
    pub with_unreleased: bool,
}

#[derive(Debug, Args)]
pub struct Plan {
    #[command(flatten)]
    pub look: Look,
    #[command(flatten)]
    pub which: Which,
}

#[derive(Debug, Args)]
pub struct Migrate {
    #[command(flatten)]
    pub which: Which,
    /// How long to wait for processes that hold a stage up, such as 90s or 10m
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration)]
    pub wait: Duration,
    #[command(flatten)]
    pub tuning: Tuning,
}

#[derive(Debug, Args)]
pub struct Rollback {
    /// How many migrations to undo, the latest first
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub step: u32,
    /// How long to wait for processes that hold a step up, such as 90s or 10m
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration)]
    pub wait: Duration,
    #[command(flatten)]
    pub tuning: Tuning,
}

fn duration(text: &str) -> Result<Duration, &'static str> {
    humantime::parse_duration(text)
        .map_err(|_| "it must be a number with a unit, such as `90s` or `10m`")
}
