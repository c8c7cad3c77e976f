//! The command line as a whole: the options that every command takes, and the commands.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::migrator::AppMigrations;

use super::{CHECK, Check, Db, Gen, Rehearse, Release};

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

    /// Show each step
    #[arg(short, long, global = true)]
    pub verbose: bool,

    // Read from the environment where it is used: clap would print an argument from there in the
    // usage of every error, as if it had been typed.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help = "The database [env: DATABASE_URL] [default: sqlite://handover.sqlite3?mode=rwc]"
    )]
    pub database_url: Option<String>,

    /// The app's release, instead of that in the environment variable VERSION or the file VERSION
    #[arg(long, global = true, value_name = "RELEASE")]
    pub app_version: Option<String>,

    /// The migrations that the app whose command this is has registered.
    #[arg(skip)]
    pub app: AppMigrations,

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
    /// Put migrations into releases, and say what upgrades need
    #[command(subcommand)]
    Release(Release),
    /// Run the app's tests in every state that it may meet while changes are under way
    #[command(after_help = super::rehearse::EXAMPLES)]
    Rehearse(Rehearse),
    /// Check the migration files without a database
    #[command(after_help = CHECK)]
    Check(Check),
    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  handover completions bash > /etc/bash_completion.d/handover"
    )]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual, or write a page for each command to a folder
    #[command(after_help = "Examples:\n  handover man\n  handover man /usr/local/share/man/man1")]
    Man {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}
