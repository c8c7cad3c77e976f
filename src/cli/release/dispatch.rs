//! Picks the command of `handover release`.

use super::{backport, cut, notice, path, squash};
use crate::cli::args::{Cli, Release};
use crate::cli::error::CliError;
use crate::cli::report::Report;

pub async fn run(cli: &Cli, command: &Release, report: &Report) -> Result<(), CliError> {
    match command {
        Release::Cut(args) => cut::run(cli, args, report).await,
        Release::Backport(args) => backport::run(cli, args, report),
        Release::Path(args) => path::run(cli, args, report),
        Release::Squash(args) => squash::run(cli, args, report),
        Release::Notice(args) => notice::run(cli, args, report).await,
    }
}
