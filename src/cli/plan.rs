use std::path::Path;
use std::time::Duration;

use super::args::Plan;
use super::error::CliError;
use super::exit;
use super::project::{Project, app_release};
use super::report::Report;
use crate::database::Access;

pub async fn run(root: &Path, args: &Plan, report: &Report) -> Result<u8, CliError> {
    let version = app_release(root, &args.look.version)?;
    let project = Project::open(root, &args.look.connection, None, Access::Read).await?;
    let options = args.which.options(version, Duration::ZERO);
    let (plan, _) = project.migrator(report).plan(&options).await?;
    report.plan(&plan, &options.version, args.look.json);
    Ok(if plan.refused.is_empty() { exit::DONE } else { exit::REFUSED })
}
