//! The entry points of the command: from the arguments to the exit status.

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser};
use tracing_subscriber::EnvFilter;

use super::args::{Cli, Command};
use super::error::CliError;
use super::report::Report;
use super::{check, completions, db, exit, generate, man, rehearse, release};
use crate::migrator::AppMigrations;

/// Parses the arguments, runs the command, and returns its exit status.
#[must_use]
pub fn main() -> ExitCode {
    main_with(AppMigrations::default())
}

/// Does what [`main`] does, with migrations that are compiled into the app: its Rust functions, and
/// its `Migrator` of sea-orm-migration. The body of the app's own command.
///
/// ```no_run
/// use handover::migrator::{Function, FunctionResult, Functions};
/// use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
///
/// fn fill_slugs(db: &DatabaseTransaction) -> FunctionResult<'_> {
///     Box::pin(async move {
///         db.execute_unprepared("UPDATE posts SET slug = lower(title)").await?;
///         Ok(())
///     })
/// }
///
/// fn main() -> Result<std::process::ExitCode, Box<dyn std::error::Error>> {
///     let slugs = Function::new("9.0.0", 20_261_121_120_000, "fill_slugs", fill_slugs)?;
///     Ok(handover::cli::main_with(Functions::default().register(slugs)?))
/// }
/// ```
#[must_use]
pub fn main_with(app: impl Into<AppMigrations>) -> ExitCode {
    run_with(app.into())
}

/// Not generic, so that it is compiled here, and not in the app's own command.
fn run_with(app: AppMigrations) -> ExitCode {
    crate::__private::arm_fail_points();
    let cli = match Cli::try_parse() {
        Ok(cli) => Cli { app, ..cli },
        Err(error) => {
            // Help and version are not errors: clap prints them to stdout and gives status 0.
            let status = if error.use_stderr() { exit::USAGE } else { exit::DONE };
            return exit::code(if error.print().is_ok() { status } else { exit::FAILED });
        }
    };
    log();
    let report = Report::new(cli.verbose);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(async {
                tokio::select! {
                    result = run(&cli, &report) => result,
                    () = interrupted() => Err(CliError::Interrupted),
                }
            });
            // Its other threads only read, so it need not wait for them.
            runtime.shutdown_background();
            result
        }
        Err(error) => {
            report.fatal(&error);
            return exit::code(exit::FAILED);
        }
    };
    exit::code(match result {
        Ok(status) => status,
        Err(error) => {
            report.failed(&error);
            exit::status(&error)
        }
    })
}

/// The command line as clap describes it: for documentation, or for a command that embeds this one.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

async fn run(cli: &Cli, report: &Report) -> Result<u8, CliError> {
    match &cli.command {
        Command::Gen(command) => generate::run(cli, command, report).await?,
        Command::Db(command) => return db::run(cli, command, report).await,
        Command::Release(command) => release::run(cli, command, report).await?,
        Command::Rehearse(args) => rehearse::run(cli, args, report).await?,
        Command::Check(args) => check::run(cli, args, report)?,
        Command::Completions { shell } => completions::run(*shell, report),
        Command::Man { folder } => man::run(folder.as_deref(), report)?,
    }
    Ok(exit::DONE)
}

/// Starts the log, which is for people who ask for it with `RUST_LOG`.
fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("off"));
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Resolves when the user or the system asks the process to stop.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
