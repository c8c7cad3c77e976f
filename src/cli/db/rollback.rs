//! `handover db rollback`.

use crate::cli::args::{Cli, Rollback};
use crate::cli::error::CliError;
use crate::cli::exit;
use crate::cli::project::Project;
use crate::cli::report::Report;
use crate::database::Access;
use crate::migrator;

pub async fn run(cli: &Cli, args: &Rollback, report: &Report) -> Result<u8, CliError> {
    let steps = usize::try_from(args.step).unwrap_or(usize::MAX);
    let outcome = Project::with(cli, Some(&args.tuning), Access::Write, async |project| {
        let migrator = project.migrator(report);
        Ok(migrator::rollback(&migrator, steps, args.wait, &args.allow).await?)
    })
    .await?;
    report.rolled_back(&outcome);
    Ok(if outcome.refused.is_empty() { exit::DONE } else { exit::REFUSED })
}
