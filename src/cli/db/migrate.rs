//! `handover db migrate`.

use crate::cli::args::{Cli, Migrate};
use crate::cli::error::CliError;
use crate::cli::exit;
use crate::cli::project::{Project, app_release};
use crate::cli::report::Report;
use crate::database::Access;

pub async fn run(cli: &Cli, args: &Migrate, report: &Report) -> Result<u8, CliError> {
    let version = app_release(cli)?;
    let options = args.which.options(version, args.wait);
    let outcome = Project::with(cli, Some(&args.tuning), Access::Write, async |project| {
        Ok(project.migrator(report).migrate_from(&project.status, &options).await?)
    })
    .await?;
    report.migrated(&outcome, &options.version);
    Ok(if outcome.refused.is_empty() { exit::DONE } else { exit::REFUSED })
}
