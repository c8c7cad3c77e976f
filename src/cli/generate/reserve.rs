//! `handover gen reserve`.

use super::sources::Sources;
use crate::cli::args::{Cli, GenReserve};
use crate::cli::error::CliError;
use crate::cli::project::{release, timestamp};
use crate::cli::report::Report;
use crate::generator::{ReserveRequest, reserve};
use crate::releases::write_all;

pub fn run(cli: &Cli, args: &GenReserve, report: &Report) -> Result<(), CliError> {
    let request = ReserveRequest {
        release: release(cli, "release", &args.release)?,
        count: args.count.into(),
        now: timestamp(),
    };
    let sources = Sources::read(cli)?;
    // A slot that cannot be read is reported now, and not when it is needed.
    sources.releases.slots()?;
    let files = reserve(&request, &sources.context())?;
    write_all(&cli.root, &files).map_err(CliError::Write)?;
    report.wrote(files.iter().map(|(path, _)| path));
    report.next(crate::cli::messages::generate::after_generating(&files, Some(&request.release)));
    Ok(())
}
