//! What a rollback undoes.

use super::{History, PlanError};
use crate::model::{
    ChangeName, ChangeRecord, MigrationRecord, MigrationStatus, Release, Stage, State,
};
use crate::releases::Releases;

/// A stage or Rust function to be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// The migration's id.
    pub id: u64,
    /// The change's id, or the function's name.
    pub slug: String,
    /// The change and the stage; `None` for a Rust function.
    pub stage: Option<(ChangeName, Stage)>,
    /// Its release.
    pub release: Release,
    /// True if its rollback began in an earlier run and is to be resumed.
    pub resumed: bool,
}

/// Decides what to undo: the last `steps` migrations that began, the latest first. If a rollback
/// was left halfway, undoes only the rest of it: so the same command, run again, resumes it and
/// never goes further back.
///
/// # Errors
/// There are not that many migrations, or one of them is plain SQL, or a Rust function without a
/// way back.
pub fn plan_rollback(
    history: &History,
    steps: usize,
    has_way_back: &dyn Fn(u64) -> bool,
) -> Result<Vec<Undo>, PlanError> {
    let mut entries: Vec<&MigrationRecord> = history.migrations.iter().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.run_order));
    if steps > 0 && entries.is_empty() {
        return Err(PlanError::Nothing);
    }
    let left = entries.iter().filter(|entry| entry.status == MigrationStatus::Undoing).count();
    let steps = if left == 0 { steps } else { steps.min(left) };
    if steps > entries.len() {
        return Err(PlanError::Steps { asked: steps, have: entries.len() });
    }
    let undone = entries.into_iter().take(steps).map(|entry| {
        used_by_other_app(history, entry)?;
        undo(entry, has_way_back)
    });
    undone.collect()
}

/// Refuses if another app has begun a later change of the same column: the order in which an app undoes its
/// own migrations says nothing of those of another.
fn used_by_other_app(history: &History, entry: &MigrationRecord) -> Result<(), PlanError> {
    let stage = entry.change.as_ref().zip(entry.stage);
    let own = stage.and_then(|(change, stage)| {
        Some((history.change(change.as_str()).filter(|own| own.app == history.app)?, stage))
    });
    let Some((own, stage)) = own else { return Ok(()) };
    let uses = |other: &&ChangeRecord| {
        other.app != own.app
            && other.state != State::Pending
            && other.epoch > own.epoch
            && other.kind.needs_until(own.columns()).is_some()
    };
    match history.changes.iter().find(uses) {
        None => Ok(()),
        Some(other) => Err(PlanError::UsedByOtherApp {
            change: own.name.clone(),
            stage,
            other: other.name.clone(),
            app: other.app.clone(),
            state: other.state,
        }),
    }
}

fn undo(entry: &MigrationRecord, has_way_back: &dyn Fn(u64) -> bool) -> Result<Undo, PlanError> {
    let (id, slug, release) = (entry.id, entry.slug.clone(), entry.release.clone());
    let stage = entry.change.clone().zip(entry.stage);
    // One that was refused or cut short may have deleted nothing: the stage looks.
    if entry.status == MigrationStatus::Done
        && let Some((change, stage)) = &stage
        && !stage.can_be_undone()
    {
        let change = change.clone();
        return Err(PlanError::Purged { id, change, release });
    }
    if stage.is_some() || has_way_back(id) {
        let resumed = entry.status == MigrationStatus::Undoing;
        return Ok(Undo { id, slug, stage, release, resumed });
    }
    if Releases::is_of_function(&entry.checksum) {
        return Err(PlanError::FunctionWayBack { id, slug, release });
    }
    Err(PlanError::NoWayBack { id, slug, release })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::sample::{done, history};
    use crate::releases::sample::{rename, sql};

    #[test]
    fn the_latest_goes_first() {
        let migrations = rename(10, "users.username", "handle", ["9.0.0", "9.0.0", "9.0.1"]);
        let mut history = history(&[done(&migrations[0], "9.0.0"), done(&migrations[1], "9.0.0")]);
        history.migrations[1].status = MigrationStatus::Undoing;
        history.migrations.reverse();
        let stages = |steps, history: &History| -> Vec<_> {
            let undo = plan_rollback(history, steps, &|_| false).unwrap();
            let stage = |undo: &Undo| undo.stage.as_ref().unwrap().1;
            undo.iter().map(|undo| (stage(undo), undo.resumed)).collect()
        };
        // What was left halfway is finished first, and no more than that.
        assert_eq!(stages(2, &history), [(Stage::Backfill, true)]);
        for entry in &mut history.migrations {
            entry.status = MigrationStatus::Done;
        }
        assert_eq!(stages(2, &history), [(Stage::Backfill, false), (Stage::Expand, false)]);
        assert_eq!(stages(1, &history), [(Stage::Backfill, false)]);
        assert_eq!(stages(0, &history), []);
    }

    #[test]
    fn what_cannot_be_undone_is_named() {
        let history = history(&[done(&sql(3, "add_index", "9.0.0"), "9.0.0")]);
        let error = plan_rollback(&history, 1, &|_| false).unwrap_err();
        let expect =
            "migration `3_add_index` of release 9.0.0 is plain SQL, which cannot be undone";
        assert_eq!(error.to_string(), expect);
        let error = plan_rollback(&history, 2, &|_| false).unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot undo that many migrations: 2 were asked for, and 1 ran"
        );
        assert_eq!(error.hint().unwrap(), "run `handover db rollback --step 1`");
        assert_eq!(plan_rollback(&History::default(), 2, &|_| false), Err(PlanError::Nothing));
    }
}
