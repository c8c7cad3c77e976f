use std::path::Path;

use super::args::GenReserve;
use super::error::CliError;
use super::project::{release, timestamp};
use super::report::Report;
use crate::generator::{Context, ReserveRequest, Templates, reserve};
use crate::releases::{Releases, read_settings, write_all};

pub fn run(root: &Path, args: &GenReserve, report: &Report) -> Result<(), CliError> {
    let request = ReserveRequest {
        release: release("release", &args.release)?,
        count: args.count.into(),
        now: timestamp(),
    };
    let settings = read_settings(root)?;
    let releases = Releases::discover(root, &settings.folders)?;
    // A slot that cannot be read is told of now, not when it is needed.
    releases.slots()?;
    let context = Context {
        folders: &settings.folders,
        migrations: &releases.load(&|_| None)?,
        ids: &releases.ids(),
        templates: &Templates::embedded(),
    };
    let files = reserve(&request, &context)?;
    write_all(root, &files).map_err(CliError::Write)?;
    report.wrote(files.iter().map(|(path, _)| path));
    report.next(super::words::after_generating(&files, Some(&request.release)));
    Ok(())
}
