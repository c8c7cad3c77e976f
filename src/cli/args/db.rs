//! The arguments of `handover db`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::Tuning;
use super::tuning::{batch_pause, duration};

#[derive(Debug, Subcommand)]
pub enum Db {
    /// Create handover's tables, and record which release the database is at
    #[command(
        after_help = "Examples:\n  handover db init\n  handover db init --baseline 8.17.0\n  handover db init --baseline none"
    )]
    Init(Init),
    /// Show the state of the database, of every change and of every process; changes nothing
    #[command(after_help = "Examples:\n  handover db status\n  handover db status --json")]
    Status(Look),
    /// Show what `migrate` would run now, and why the rest has to wait; changes nothing
    #[command(after_help = "Examples:\n  handover db plan\n  handover db plan --post --json")]
    Plan(Plan),
    /// Run the migrations that the app's release has reached and the running processes make safe
    #[command(
        after_help = "Examples:\n  handover db migrate --pre\n  handover db migrate --post --wait 10m"
    )]
    Migrate(Migrate),
    /// Pause, resume or tune the copy of a backfill, while it runs or before
    #[command(subcommand)]
    Backfill(Backfill),
    /// Undo the last migrations, without losing a write
    #[command(after_help = "Examples:\n  handover db rollback\n  handover db rollback --step 3")]
    Rollback(Rollback),
    /// Write the schema to a file from which new databases are made; changes nothing
    #[command(after_help = "Examples:\n  handover db dump\n  handover db dump --output -\n  \
            handover db dump --scratch --release 9.0.1\n\n\
            The file has the schema and no rows, and names the migrations that it contains. It is\n\
            the same each time; for PostgreSQL and MariaDB, with the same version of pg_dump and\n\
            mariadb-dump, which have to be there.")]
    Dump(Dump),
    /// Create the schema in an empty database from a dump, and mark it as migrated
    #[command(
        after_help = "Examples:\n  handover db load\n  handover db load schema.sqlite.sql\n\n\
            The database then has no rows: the app has to insert those that it needs."
    )]
    Load(Load),
    /// Check that the database matches its records; changes nothing
    #[command(
        after_help = "Examples:\n  handover db verify\n  handover db verify --idempotent\n\n\
            Exit status 1 if something differs."
    )]
    Verify(Verify),
}

#[derive(Debug, Subcommand)]
pub enum Backfill {
    /// Pause the copy between two batches, until it is resumed
    #[command(after_help = "Example:\n  handover db backfill pause")]
    Pause(Copying),
    /// Resume a paused copy
    #[command(after_help = "Example:\n  handover db backfill resume")]
    Resume(Copying),
    /// Change the size, the pause or the number of workers of the copy, until it is finished
    #[command(
        override_usage = "handover db backfill tune [OPTIONS] [CHANGE]",
        after_help = "Examples:\n  handover db backfill tune --batch-size 500 --pause 50ms\n  \
            handover db backfill tune --workers 4"
    )]
    Tune(Tune),
}

#[derive(Debug, Args)]
pub struct Copying {
    /// The change, if several are copied [default: the only one]
    pub change: Option<String>,
}

#[derive(Debug, Args)]
pub struct Tune {
    #[command(flatten)]
    pub wanted: Wanted,
    #[command(flatten)]
    pub copying: Copying,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct Wanted {
    /// The maximum number of rows in one transaction
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub batch_size: Option<u32>,
    /// The pause between two batches
    #[arg(long, value_name = "DURATION", value_parser = batch_pause)]
    pub pause: Option<Duration>,
    /// The number of parallel batches (PostgreSQL)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=16))]
    pub workers: Option<u32>,
}

#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    pub look: Look,
    /// Run the migrations on scratch databases on that server instead, each stage again and again,
    /// and compare schema and rows
    #[arg(long)]
    pub idempotent: bool,
}

#[derive(Debug, Args)]
pub struct Dump {
    /// The file to write, or - to print it [default: the project's schema.KIND.sql]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Dump the schema that the released migrations make in a scratch database on that server,
    /// beginning with the existing schema dump, if there is one
    #[arg(long)]
    pub scratch: bool,
    /// The last release whose migrations run there [default: the app's]
    #[arg(long, value_name = "RELEASE", requires = "scratch")]
    pub release: Option<String>,
}

#[derive(Debug, Args)]
pub struct Load {
    /// The dump [default: the project's schema.KIND.sql]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Init {
    /// The database is empty: the app creates the tables that its code needs
    #[arg(long, conflicts_with = "baseline")]
    pub fresh: bool,
    /// The schema is that of this release: its migrations, and all before, need not run; or none, if the
    /// tables are those of other apps that migrate the database
    #[arg(long, value_name = "RELEASE")]
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
    /// Only migrations that run before the release's code is rolled out
    #[arg(long, conflicts_with = "post")]
    pub pre: bool,
    /// Only migrations that run after every process has the release
    #[arg(long)]
    pub post: bool,
    /// No app process is running: do not wait for any
    #[arg(long)]
    pub offline: bool,
    /// Run the migrations in unreleased/ too, as part of the app's release (for development)
    #[arg(long)]
    pub with_unreleased: bool,
    /// Declare that an object that uses the column may stay as it is, such as trigger:users.audit; or
    /// that statements which name a dropped column may fail (statements), that its values may be
    /// deleted in the release that puts them aside (purge), or that other apps of the database do not
    /// use the column (apps); may be given several times
    #[arg(long, value_name = "OBJECT")]
    pub allow: Vec<String>,
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
    /// Declare that an object that uses the column may stay as it is, such as trigger:users.audit;
    /// may be given several times
    #[arg(long, value_name = "OBJECT")]
    pub allow: Vec<String>,
    #[command(flatten)]
    pub tuning: Tuning,
}
