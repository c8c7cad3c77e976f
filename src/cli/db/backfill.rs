//! `handover db backfill`.

use crate::cli::args::{Backfill, Cli, Tune, Wanted};
use crate::cli::error::CliError;
use crate::cli::messages;
use crate::cli::project::Project;
use crate::cli::report::Report;
use crate::database::Access;
use crate::migrator::{Steer, steer};

pub async fn run(cli: &Cli, args: &Backfill, report: &Report) -> Result<(), CliError> {
    let (asked, copying) = match args {
        Backfill::Pause(copying) => (Steer::Pause, copying),
        Backfill::Resume(copying) => (Steer::Resume, copying),
        Backfill::Tune(Tune { wanted, copying }) => {
            let Wanted { batch_size, pause, workers } = *wanted;
            (Steer::Tune { batch_size, pause, workers }, copying)
        }
    };
    // If there is no database, there is no copy to steer, and no database should be created.
    let (change, control) = Project::with(cli, None, Access::Read, async |project| {
        let mut status = project.status.clone();
        status.look_at_copies(&project.database).await?;
        Ok(steer(&project.database, &status, copying.change.as_deref(), asked).await?)
    })
    .await?;
    report.text(&messages::db::steered(change.name.as_str(), control));
    report.next(if control.paused { "handover db backfill resume" } else { "handover db status" });
    Ok(())
}
