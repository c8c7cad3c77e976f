use super::args::{Cli, Look};
use super::error::CliError;
use super::project::{Project, app_release};
use super::report::Report;
use crate::database::Access;

pub async fn run(cli: &Cli, args: &Look, report: &Report) -> Result<(), CliError> {
    let version = app_release(cli)?;
    let (status, migrations) = Project::with(cli, None, Access::Read, async |project| {
        let mut status = project.status.clone();
        status.look_at_copies(&project.database).await?;
        let migrations = project.releases.load(&status.history().known())?;
        Ok((status, migrations))
    })
    .await?;
    report.status(&version, &status, &migrations, args.json);
    Ok(())
}
