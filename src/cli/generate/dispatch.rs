//! Picks the command of `handover gen`.

use super::{drop_column, rename, reserve, retype, sql};
use crate::cli::args::{Cli, Gen};
use crate::cli::error::CliError;
use crate::cli::report::Report;

pub async fn run(cli: &Cli, command: &Gen, report: &Report) -> Result<(), CliError> {
    match command {
        Gen::Drop(args) => Box::pin(drop_column::run(cli, args, report)).await,
        Gen::Rename(args) => Box::pin(rename::run(cli, args, report)).await,
        Gen::Reserve(args) => reserve::run(cli, args, report),
        Gen::Retype(args) => Box::pin(retype::run(cli, args, report)).await,
        Gen::Sql(args) => sql::run(cli, args, report),
    }
}
