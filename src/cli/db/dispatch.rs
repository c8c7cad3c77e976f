use super::{backfill, dump, init, load, migrate, plan, rollback, status, verify};
use crate::cli::args::{Cli, Db};
use crate::cli::error::CliError;
use crate::cli::exit;
use crate::cli::report::Report;

/// Runs the command, and returns its exit status.
pub async fn run(cli: &Cli, command: &Db, report: &Report) -> Result<u8, CliError> {
    match command {
        Db::Init(args) => init::run(cli, args, report).await?,
        Db::Status(args) => status::run(cli, args, report).await?,
        Db::Plan(args) => return plan::run(cli, args, report).await,
        Db::Migrate(args) => return migrate::run(cli, args, report).await,
        Db::Backfill(args) => backfill::run(cli, args, report).await?,
        Db::Rollback(args) => return rollback::run(cli, args, report).await,
        Db::Dump(args) => dump::run(cli, args, report).await?,
        Db::Load(args) => load::run(cli, args, report).await?,
        Db::Verify(args) => verify::run(cli, args, report).await?,
    }
    Ok(exit::DONE)
}
