//! `handover db init`.

use crate::cli::args::{Cli, Init};
use crate::cli::error::CliError;
use crate::cli::project::{Project, app_release, known_release};
use crate::cli::report::Report;
use crate::database::Access;
use crate::migrator::{self, Baseline};

pub async fn run(cli: &Cli, args: &Init, report: &Report) -> Result<(), CliError> {
    let baseline = match (&args.baseline, args.fresh) {
        (Some(text), _) if text == "none" => Baseline::NoneRun,
        (Some(text), _) => Baseline::Release(known_release(cli, "baseline", text)?),
        (None, true) => Baseline::Fresh { version: app_release(cli)? },
        (None, false) => Baseline::Unmigrated,
    }
    .of_app(&cli.app);
    let noted = Project::with(cli, None, Access::Write, async |project| {
        Ok(migrator::init(&project.migrator(report), &baseline).await?)
    })
    .await?;
    report.initialised(&baseline, noted);
    Ok(())
}
