//! Undoes the last migrations.

use std::time::{Duration, Instant};

use super::error::{MigrateError, failed, refusal};
use super::event::Event;
use super::history::{self, Status};
use super::kinds;
use super::outcome::{Done, Outcome};
use super::rollback_progress::Undoing;
use super::runner::Migrator;
use super::stage_error::StageError;
use crate::database::RunnerLock;
use crate::database::tables::{self, Record};
use crate::model::{Change, MigrationStatus, Stage};
use crate::plan::{Refusal, Undo, plan_rollback, rollback_command};

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
    let status = history::load(migrator.database, migrator.own_app()).await?;
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
    let status = history::load(migrator.database, migrator.own_app()).await?;
    let mut outcome = Outcome::default();
    let plan =
        plan_rollback(status.history(), steps, &|id| migrator.app.functions.has_way_back(id))?;
    note(migrator, &plan).await?;
    for (at, undo) in plan.iter().enumerate() {
        let undoing = Undoing::new(undo.id);
        let undone = undo_one(migrator, (undo, &undoing), &status, (wait, allowed)).await;
        match undone {
            Ok(done) => outcome.done.push(done),
            Err(error) => {
                let left = &plan[at..];
                if !undoing.has_begun() && may_be_taken_back(&error, &plan, at) {
                    take_back(migrator, left, &status).await;
                }
                outcome.refused.push(of_rollback(refusal(error)?, left.len()));
                return Ok(outcome);
            }
        }
    }
    Ok(outcome)
}

/// Notes the migrations before the first begins: if run again, the same command undoes the rest of these.
async fn note(migrator: &Migrator<'_>, plan: &[Undo]) -> Result<(), MigrateError> {
    let transaction = migrator.database.begin().await?;
    for undo in plan {
        tables::set_status(&transaction, migrator.own_app(), undo.id, MigrationStatus::Undoing)
            .await?;
    }
    super::steps::crash_point("commit", "rollback");
    transaction.commit().await?;
    super::steps::crash_point("committed", "rollback");
    Ok(())
}

/// Returns true if a rollback that failed at this step, which has changed nothing, is to be forgotten, so
/// that `db migrate` may go on. If trying again is likely to help, it is kept, once a part of it is done:
/// the same command would otherwise go further back than it was asked to.
fn may_be_taken_back(error: &MigrateError, plan: &[Undo], at: usize) -> bool {
    let is_whole = at == 0 && !plan.iter().any(|undo| undo.resumed);
    match error {
        MigrateError::Stage { source, .. } => {
            is_whole || source.is_refusal() && !source.is_missed_lock()
        }
        _ => is_whole,
    }
}

/// Gives the migrations the status back that they had before the rollback, unless the first of them has
/// been undone in part by an earlier run.
async fn take_back(migrator: &Migrator<'_>, left: &[Undo], status: &Status) {
    let before = |undo: &Undo| {
        let entry = status.history().migrations.iter().find(|entry| entry.id == undo.id)?;
        match entry.status {
            MigrationStatus::Undoing => entry.finished_at.map(|_| MigrationStatus::Done),
            other => Some(other),
        }
    };
    let Some(statuses) = left.iter().map(before).collect::<Option<Vec<_>>>() else { return };
    let taken_back = async {
        let transaction = migrator.database.begin().await?;
        for (undo, status) in left.iter().zip(statuses) {
            tables::set_status(&transaction, migrator.own_app(), undo.id, status).await?;
        }
        transaction.commit().await
    };
    if let Err(error) = taken_back.await {
        tracing::warn!(%error, "the rollback is still noted; `handover db rollback` looks again");
    }
}

/// The same refusal with the command of a rollback to type next, which undoes the steps that are left.
fn of_rollback(refusal: Refusal, left: usize) -> Refusal {
    match refusal {
        Refusal::Obstructed { change, stage, release, reason, hint } => {
            let command = format!("handover {}", rollback_command(left));
            let hint = hint.replace("handover db migrate", &command);
            let hint = hint.replace("handover db rollback`", &format!("{command}`"));
            Refusal::Obstructed { change, stage, release, reason, hint }
        }
        Refusal::Acknowledge { change, stage, release, epoch, waiting, .. } => {
            let steps_back = Some(left);
            Refusal::Acknowledge { change, stage, release, epoch, waiting, steps_back }
        }
        other => other,
    }
}

/// The stage's change, as the database records it; `None` for a function.
fn recorded(undo: &Undo, status: &Status) -> Result<Option<(Change, Stage)>, MigrateError> {
    let Some((name, stage)) = &undo.stage else { return Ok(None) };
    let record = status.changes.iter().find(|row| row.name == *name && row.app == status.app);
    match record {
        Some(row) => Ok(Some((row.change(), *stage))),
        None => Err(MigrateError::Stage {
            change: name.clone(),
            stage: *stage,
            release: undo.release.clone(),
            source: Box::new(StageError::Unknown { change: name.clone() }),
        }),
    }
}

async fn undo_one(
    migrator: &Migrator<'_>,
    (undo, undoing): (&Undo, &Undoing),
    status: &Status,
    (wait, allowed): (Duration, &[String]),
) -> Result<Done, MigrateError> {
    let started = Instant::now();
    let (name, release) = (undo.slug.clone(), undo.release.clone());
    let change = recorded(undo, status)?;
    let stage = change.as_ref().map(|(_, stage)| *stage);
    migrator.observer.event(Event::Started {
        name: name.clone(),
        stage,
        release: release.clone(),
        resumed: undo.resumed,
        undo: true,
    });
    if let Some((change, stage)) = &change {
        let patience = wait.max(migrator.settings.acknowledgement_patience);
        let context = migrator.context(change, *stage, false, patience).await?;
        let context = context.allowing(allowed).undoing(undoing);
        let result = kinds::undo(&context).await;
        result.map_err(|source| failed(change, *stage, &release, source))?;
    }
    let transaction = migrator.database.begin().await?;
    if change.is_none()
        && let Some(back) = migrator.app.functions.get(undo.id, true)
    {
        if !migrator.database.dialect().rolls_back_ddl() {
            undoing.begin();
        }
        if let Err(source) = back(&transaction).await {
            transaction.rollback().await?;
            return Err(MigrateError::Function { slug: name, release, source });
        }
    }
    tables::remove_migration(&transaction, migrator.own_app(), undo.id).await?;
    let (dialect, app) = (migrator.database.dialect(), migrator.own_app());
    let format = tables::format_version(&transaction).await?.unwrap_or_default();
    let left = tables::read_all(&transaction, dialect, app, format).await?;
    // The release itself is open again; the latest release before it that is left is reached.
    let Record { metadata, migrations, .. } = left;
    let earlier = migrations.iter().map(|row| &row.release).chain(&metadata.baseline_version);
    let reached = match &metadata.schema_version {
        Some(reached) if !reached.has_reached(&release) => Some(reached),
        _ => earlier.filter(|earlier| earlier.gating() < release.gating()).max(),
    };
    tables::set_schema_version(&transaction, migrator.own_app(), reached).await?;
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
    let change = change.map(|(change, _)| change);
    Ok(Done { name, change, stage, release, took })
}
