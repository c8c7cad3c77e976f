use super::args::{Cli, Look};
use super::error::CliError;
use super::project::{Project, app_release};
use super::report::Report;
use crate::database::Access;
use crate::migrator;

pub async fn run(cli: &Cli, args: &Look, report: &Report) -> Result<(), CliError> {
    let version = app_release(cli)?;
    let project = Project::open(cli, None, Access::Read).await?;
    let status = migrator::look(&project.database).await?;
    let migrations = project.releases.load(&|id| status.checksum(id))?;
    report.status(&version, &status, &migrations, args.json);
    Ok(())
}
