use std::path::Path;

use super::args::Migrate;
use super::error::CliError;
use super::exit;
use super::project::{Project, app_release};
use super::report::Report;
use crate::database::Access;

pub async fn run(root: &Path, args: &Migrate, report: &Report) -> Result<u8, CliError> {
    let version = app_release(root, &args.version)?;
    let options = args.which.options(version, args.wait);
    let project =
        Project::open(root, &args.connection, Some(&args.tuning), Access::Write).await?;
    let outcome = project.migrator(report).migrate(&options).await?;
    report.migrated(&outcome, &options.version);
    Ok(if outcome.refused.is_empty() { exit::DONE } else { exit::REFUSED })
}
