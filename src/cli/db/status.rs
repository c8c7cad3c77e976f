//! `handover db status`.

use crate::cli::args::{Cli, Look};
use crate::cli::error::CliError;
use crate::cli::project::{Project, app_release};
use crate::cli::report::Report;
use crate::database::Access;

pub async fn run(cli: &Cli, args: &Look, report: &Report) -> Result<(), CliError> {
    let version = app_release(cli)?;
    let (status, migrations) = Project::with(cli, None, Access::Read, async |project| {
        let mut status = project.status.clone();
        status.look_at_copies(&project.database).await?;
        let migrations = project.releases.load(&status.history().applied_checksums())?;
        Ok((status, migrations))
    })
    .await?;
    report.status(&version, &status, &migrations, args.json);
    Ok(())
}
