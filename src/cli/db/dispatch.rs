//! Picks the command of `handover db`.

use super::{backfill, dump, init, load, migrate, plan, rollback, status, verify};
use crate::cli::args::{Cli, Db};
use crate::cli::error::CliError;
use crate::cli::exit;
use crate::cli::report::Report;

/// Runs the command, and returns its exit status.
pub async fn run(cli: &Cli, command: &Db, report: &Report) -> Result<u8, CliError> {
    match command {
        Db::Init(args) => Box::pin(init::run(cli, args, report)).await?,
        Db::Status(args) => Box::pin(status::run(cli, args, report)).await?,
        Db::Plan(args) => return Box::pin(plan::run(cli, args, report)).await,
        Db::Migrate(args) => return Box::pin(migrate::run(cli, args, report)).await,
        Db::Backfill(args) => Box::pin(backfill::run(cli, args, report)).await?,
        Db::Rollback(args) => return Box::pin(rollback::run(cli, args, report)).await,
        Db::Dump(args) => Box::pin(dump::run(cli, args, report)).await?,
        Db::Load(args) => Box::pin(load::run(cli, args, report)).await?,
        Db::Verify(args) => Box::pin(verify::run(cli, args, report)).await?,
    }
    Ok(exit::DONE)
}
