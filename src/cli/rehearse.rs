//! `handover rehearse`: runs a command of the project in each state of the open changes.

use futures_util::StreamExt as _;
use futures_util::stream;

use super::args::{Cli, Rehearse};
use super::child::{self, Ran};
use super::error::CliError;
use super::rehearsal_report;
use super::report::Report;
use super::trial::Trial;
use crate::database::{Access, Database, Scratch};
use crate::migrator::{self, Moment, TrialError};

pub async fn run(cli: &Cli, args: &Rehearse, report: &Report) -> Result<(), CliError> {
    let trial = Trial::read(cli)?;
    let moments = on_scratch(&trial, async |url| trial.course().moments(url).await).await?;
    let all = moments.len();
    report.progress(&rehearsal_report::begins(all));
    let one = async |(number, moment): (usize, &Moment)| {
        let ran = rehearse(&trial, moment, args).await?;
        report.progress(&rehearsal_report::line(number + 1, all, moment, &ran));
        Ok::<_, CliError>((number, ran))
    };
    let mut running =
        stream::iter(moments.iter().enumerate()).map(one).buffer_unordered(args.jobs.into());
    let mut done = Vec::with_capacity(all);
    while let Some(ran) = running.next().await {
        done.push(ran?);
    }
    drop(running);
    done.sort_by_key(|(number, _)| *number);
    let done: Vec<(&Moment, Ran)> =
        done.into_iter().filter_map(|(at, ran)| Some((moments.get(at)?, ran))).collect();
    report.text(&if args.json {
        rehearsal_report::json(&done)
    } else {
        rehearsal_report::text(&done)
    });
    match done.iter().filter(|(_, ran)| !ran.passed).count() {
        0 => Ok(()),
        failed => {
            let made_anew = done.iter().any(|(_, ran)| ran.made_anew);
            Err(CliError::Rehearsal { failed, of: all, made_anew })
        }
    }
}

/// Runs the command at one moment, on its own scratch database.
async fn rehearse(trial: &Trial, moment: &Moment, args: &Rehearse) -> Result<Ran, CliError> {
    on_scratch(trial, async |url| {
        trial.course().bring(url, moment).await?;
        let version = moment.version.to_string();
        let environment = [("DATABASE_URL", url), ("VERSION", version.as_str())];
        let ran = child::run(&args.command, &environment).await;
        let mut ran = ran.map_err(|source| CliError::Command {
            program: args.command.first().cloned().unwrap_or_default(),
            source,
        })?;
        if !still_has_record(trial, url).await? {
            (ran.passed, ran.made_anew) = (false, true);
        }
        Ok::<_, CliError>(ran)
    })
    .await
}

/// Returns true if the database still has handover's tables. A command that makes its database anew,
/// as `Migrator::fresh` does, has dropped them, and the state that was to be rehearsed with them.
async fn still_has_record(trial: &Trial, url: &str) -> Result<bool, CliError> {
    let failed = |error| CliError::Migrate(TrialError::from(error).into());
    let database = Database::connect(url, Access::Read).await.map_err(failed)?;
    let status = migrator::load(&database, trial.settings.app.as_ref()).await;
    database.close().await;
    Ok(status?.metadata.is_some())
}

/// Does something with a scratch database, which is always dropped afterwards.
async fn on_scratch<T, E>(
    trial: &Trial,
    work: impl AsyncFnOnce(&str) -> Result<T, E>,
) -> Result<T, CliError>
where
    CliError: From<E>,
{
    let failed = |error| CliError::Migrate(TrialError::from(error).into());
    let scratch = Scratch::create(&trial.beside).await.map_err(failed)?;
    let result = work(scratch.url()).await;
    scratch.close().await.map_err(failed)?;
    Ok(result?)
}
