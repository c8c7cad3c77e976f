use std::time::Duration;

use super::args::{Cli, Plan};
use super::error::CliError;
use super::exit;
use super::project::{Project, app_release};
use super::report::Report;
use crate::database::Access;

pub async fn run(cli: &Cli, args: &Plan, report: &Report) -> Result<u8, CliError> {
    let version = app_release(cli)?;
    let options = args.which.options(version, Duration::ZERO);
    let plan = Project::with(cli, None, Access::Read, async |project| {
        Ok(project.migrator(report).plan_from(&project.status, &options)?)
    })
    .await?;
    report.plan(&plan, &options.version, args.look.json);
    Ok(if plan.refused.is_empty() { exit::DONE } else { exit::REFUSED })
}
