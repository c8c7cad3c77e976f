//! The whole life of a rename, or of a drop, under traffic.
//!
//! Three processes of a small application keep reading and writing `users`
//! while `username` becomes `handle`: over two releases of the application,
//! with a rolling restart for each, and back again if you like. In the end
//! every row is compared with what the database had acknowledged.
//!
//! With `--change drop`, `nickname` is dropped: 8.17.0 has it, 9.0.0 works
//! beside it without, 9.0.1 puts it aside, and 9.1.0 deletes the values.
//!
//! ```text
//! cargo run --example live_rename -- --and-back
//! cargo run --example live_rename -- --and-back --change in-place
//! cargo run --example live_rename -- --and-back --change drop
//! cargo run --example live_rename -- --and-back --change retype
//! ```

mod app;
mod check;
mod command;
mod database;
mod fleet;
mod instance;
mod journal;
mod site;
mod story;
mod tally;
mod timeline;
mod workload;

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser;
use tokio::runtime::Runtime;

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// Renames or drops a column of a database in use, and counts what that costs
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    options: story::Options,
}

#[derive(clap::Subcommand)]
enum Part {
    /// One process of the application; the example starts these itself
    #[command(hide = true)]
    Instance(instance::Arguments),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.part {
        Some(Part::Instance(arguments)) => serve(arguments),
        None => tell(cli.options),
    };
    outcome.unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "error: {error}");
        ExitCode::FAILURE
    })
}

fn serve(arguments: instance::Arguments) -> Result<ExitCode> {
    Runtime::new()?.block_on(instance::run(arguments))?;
    Ok(ExitCode::SUCCESS)
}

fn tell(options: story::Options) -> Result<ExitCode> {
    let json = options.json;
    let tally = story::run(options)?;
    let mut out = io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&tally)?)?;
    } else {
        writeln!(out, "\n{tally}")?;
    }
    Ok(if tally.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
