use std::time::{Duration, Instant};

use super::error::{MigrateError, failed, refusal};
use super::event::Event;
use super::history;
use super::kinds;
use super::outcome::{Done, Outcome};
use super::runner::Migrator;
use super::stage_error::StageError;
use crate::database::RunnerLock;
use crate::database::tables;
use crate::model::{Change, MigrationStatus, Stage};
use crate::plan::{Refusal, Undo, plan_rollback};

/// Undoes the last `steps` migrations, the newest first, each as a whole. The next rollback resumes
/// one that was interrupted. `allowed` are the objects that use a column by name and may stay.
///
/// # Errors
/// There are fewer, one of them cannot be undone, another runner is at work, or a step fails.
/// Instances that do not acknowledge in time are part of the outcome.
pub async fn rollback(
    migrator: &Migrator<'_>,
    steps: usize,
    wait: Duration,
    allowed: &[String],
) -> Result<Outcome, MigrateError> {
    let status = history::load(migrator.database).await?;
    plan_rollback(status.history(), steps, &|id| migrator.app.functions.has_way_back(id))?;
    if steps == 0 {
        return Ok(Outcome::default());
    }
    let lock = RunnerLock::take(migrator.database).await?;
    let outcome = run(migrator, steps, wait, allowed).await;
    let released = lock.release().await;
    let outcome = outcome?;
    released?;
    Ok(outcome)
}

async fn run(
    migrator: &Migrator<'_>,
    steps: usize,
    wait: Duration,
    allowed: &[String],
) -> Result<Outcome, MigrateError> {
    // Planned again under the lock: the history may have moved on.
    let status = history::load(migrator.database).await?;
    let mut outcome = Outcome::default();
    let plan =
        plan_rollback(status.history(), steps, &|id| migrator.app.functions.has_way_back(id))?;
    // Noted before the first begins: if run again, the same command undoes the rest of these.
    let transaction = migrator.database.begin().await?;
    for undo in &plan {
        tables::set_status(&transaction, undo.id, MigrationStatus::Undoing).await?;
    }
    super::steps::crash_point("commit", "rollback");
    transaction.commit().await?;
    super::steps::crash_point("committed", "rollback");
    for undo in plan {
        let change = match &undo.stage {
            Some((name, stage)) => {
                let record = status.changes.iter().find(|row| row.name == *name);
                let Some(row) = record else {
                    return Err(MigrateError::Stage {
                        change: name.clone(),
                        stage: *stage,
                        release: undo.release,
                        source: Box::new(StageError::Unknown { change: name.clone() }),
                    });
                };
                Some((row.change(), *stage))
            }
            None => None,
        };
        match undo_one(migrator, &undo, change.as_ref(), (wait, allowed)).await {
            Ok(done) => outcome.done.push(done),
            Err(error) => {
                outcome.refused.push(of_rollback(refusal(error)?));
                return Ok(outcome);
            }
        }
    }
    Ok(outcome)
}

/// The same refusal with the command of a rollback to type next: a stage that is being undone cannot be
/// run again before that has finished.
fn of_rollback(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Obstructed { change, stage, release, reason, hint } => {
            let hint = hint.replace("handover db migrate", "handover db rollback");
            Refusal::Obstructed { change, stage, release, reason, hint }
        }
        other => other,
    }
}

async fn undo_one(
    migrator: &Migrator<'_>,
    undo: &Undo,
    change: Option<&(Change, Stage)>,
    (wait, allowed): (Duration, &[String]),
) -> Result<Done, MigrateError> {
    let started = Instant::now();
    let (name, release) = (undo.slug.clone(), undo.release.clone());
    let stage = change.map(|(_, stage)| *stage);
    migrator.observer.event(Event::Started {
        name: name.clone(),
        stage,
        release: release.clone(),
        resumed: undo.resumed,
        undo: true,
    });
    if let Some((change, stage)) = change {
        let patience = wait.max(migrator.settings.acknowledgement_patience);
        let context = migrator.context(change, *stage, false, patience).await?.allowing(allowed);
        let result = kinds::undo(&context).await;
        result.map_err(|source| failed(change, *stage, &release, source))?;
    }
    let transaction = migrator.database.begin().await?;
    if change.is_none()
        && let Some(back) = migrator.app.functions.get(undo.id, true)
        && let Err(source) = back(&transaction).await
    {
        transaction.rollback().await?;
        return Err(MigrateError::Function { slug: name, release, source });
    }
    tables::remove_migration(&transaction, undo.id).await?;
    let left = tables::migrations(&transaction, migrator.database.dialect()).await?;
    // The release itself is open again; the latest release before it that is left is reached.
    let metadata = tables::metadata(&transaction, migrator.database.dialect()).await?;
    let earlier = left.iter().map(|row| &row.release).chain(&metadata.baseline_version);
    let reached = match &metadata.schema_version {
        Some(reached) if !reached.has_reached(&release) => Some(reached),
        _ => earlier.filter(|earlier| earlier.gating() < release.gating()).max(),
    };
    tables::set_schema_version(&transaction, reached).await?;
    super::steps::crash_point("commit", "undo");
    transaction.commit().await?;
    super::steps::crash_point("undone", stage.map_or("function", Stage::as_str));
    let took = started.elapsed();
    migrator.observer.event(Event::Finished {
        name: name.clone(),
        stage,
        release: release.clone(),
        took,
        undo: true,
    });
    let change = change.map(|(change, _)| change.clone());
    Ok(Done { name, change, stage, release, took })
}
