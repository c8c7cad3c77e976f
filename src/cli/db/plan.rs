//! `handover db plan`.

use std::time::Duration;

use crate::cli::args::{Cli, Plan};
use crate::cli::error::CliError;
use crate::cli::exit;
use crate::cli::messages;
use crate::cli::project::{Project, app_release};
use crate::cli::report::Report;
use crate::database::Access;
use crate::migrator;

pub async fn run(cli: &Cli, args: &Plan, report: &Report) -> Result<u8, CliError> {
    let version = app_release(cli)?;
    let options = args.which.options(version, Duration::ZERO);
    let (plan, overruns, notes) = Project::with(cli, None, Access::Read, async |project| {
        let migrator = project.migrator(report);
        let plan = migrator.plan_from(&project.status, &options)?;
        let (plan, triggers) = migrator.inspect(plan, &options).await?;
        let run: Vec<_> = plan.run.iter().map(|planned| &planned.migration).collect();
        let budget = project.settings.upgrade_budget;
        let overruns = migrator::overruns(&project.database, &run, budget).await;
        let mut notes = messages::change::positions(&plan, project.database.dialect());
        notes.extend(messages::change::irreversible(&plan));
        notes.extend(triggers);
        notes.extend(messages::db::without_own_process(&project.status));
        Ok((plan, overruns, notes))
    })
    .await?;
    report.plan(&plan, &overruns, &notes, &options.version, args.look.json);
    Ok(if plan.refused.is_empty() { exit::DONE } else { exit::REFUSED })
}
