//! Each gate is one function that refuses with `Err`. For the reason of each, see docs/explanation/protocol.md,
//! section 2.

use super::state::{Progress, World};
use super::{Fleet, PlanError, Refusal};
use crate::model::{ChangeName, Deploy, MigrationStatus, Release, Stage};
use crate::releases::Migration;

/// A stage that is to pass its gates.
pub(super) struct Candidate<'a> {
    pub(super) change: ChangeName,
    pub(super) stage: Stage,
    pub(super) release: &'a Release,
    pub(super) migration: &'a Migration,
    /// True if it began in an earlier run, so it has passed its gates before.
    pub(super) resumed: bool,
}

/// Applies the gates that refuse every migration.
pub(super) fn refuse_all(world: &World<'_>, fleet: &Fleet) -> Vec<Refusal> {
    let gates = [undoing(world), live(world, fleet)];
    gates.into_iter().filter_map(Result::err).collect()
}

/// Refuses if a rollback was left halfway.
fn undoing(world: &World<'_>) -> Result<(), Refusal> {
    let entries = world.history.migrations.iter();
    let undoing: Vec<_> =
        entries.filter(|entry| entry.status == MigrationStatus::Undoing).collect();
    match undoing.iter().max_by_key(|entry| entry.run_order) {
        Some(entry) => Err(Refusal::Undoing {
            name: entry.slug.clone(),
            stage: entry.stage,
            release: entry.release.clone(),
            left: undoing.len(),
        }),
        None => Ok(()),
    }
}

/// A migration in `unreleased/` runs only if it was asked for. One that was interrupted has changed
/// the database, so it is refused rather than skipped silently.
pub(super) fn unreleased(migration: &Migration, world: &World<'_>) -> Result<(), Refusal> {
    if world.is_unreleased(migration) {
        return Err(Refusal::Unreleased { path: migration.path.clone() });
    }
    Ok(())
}

/// Refuses if the user declares that no app process is running, but one is.
fn live(world: &World<'_>, fleet: &Fleet) -> Result<(), Refusal> {
    let instances = fleet.waiting(|_| true);
    if world.request.offline && !instances.is_empty() {
        return Err(Refusal::Live { instances });
    }
    Ok(())
}

/// The stages of a change run in order. Returns the id of the previous stage if it is in the plan.
pub(super) fn order(at: &Candidate<'_>, world: &World<'_>) -> Result<Option<u64>, Refusal> {
    let Some(missing) = at.migration.course().previous(at.stage) else { return Ok(None) };
    match world.progress(at.change.as_str(), missing) {
        Progress::Done(_) => Ok(None),
        Progress::Planned(id) => Ok(Some(id)),
        Progress::Open => Err(Refusal::Order {
            change: at.change.clone(),
            stage: at.stage,
            release: at.release.clone(),
            missing,
        }),
    }
}

/// A change begins when the earlier changes of its columns are finished.
///
/// # Errors
/// Another change of its columns is not finished, and no file orders it before this one.
pub(super) fn chain(
    at: &Candidate<'_>,
    world: &World<'_>,
) -> Result<Result<(), Refusal>, PlanError> {
    let Some(change) = at.migration.change().filter(|_| at.stage == Stage::Expand) else {
        return Ok(Ok(()));
    };
    let columns = change.columns();
    if let Some((open, last, until)) = world.unfinished_before(at.migration, columns) {
        return Ok(Err(Refusal::Chain {
            change: at.change.clone(),
            stage: at.stage,
            release: at.release.clone(),
            open: open.to_owned(),
            last,
            until: until.clone(),
        }));
    }
    let open = world.history.changes.iter().find(|record| {
        let Some(last) = record.kind.needs_until(columns) else { return false };
        record.name != at.change
            && world.progress(record.name.as_str(), last) == Progress::Open
            && !record.kind.course().is_free_after(last, record.state)
    });
    match open {
        Some(open) => Err(PlanError::Collision {
            change: at.change.clone(),
            kind: Box::new(change.kind.clone()),
            open: open.name.clone(),
            open_kind: Box::new(open.kind.clone()),
            state: open.state,
        }),
        None => Ok(Ok(())),
    }
}

/// A migration that declares `after` runs when the change or migration that it names is done.
///
/// # Errors
/// No change or migration has the name.
pub(super) fn after(
    migration: &Migration,
    release: &Release,
    world: &World<'_>,
) -> Result<Result<(), Refusal>, PlanError> {
    for name in &migration.after {
        match world.is_done(name.as_str()) {
            Some(true) => {}
            // The migration was before the minimum, so the schema dump contains it.
            None if world.request.minimum.is_some() => {}
            None => {
                let path = migration.path.clone();
                return Err(PlanError::Dependency { path, after: name.clone() });
            }
            Some(false) => {
                return Ok(Err(Refusal::After {
                    name: migration.slug.clone(),
                    stage: migration.stage(),
                    release: release.clone(),
                    open: name.to_string(),
                    unreleased: world.names_unreleased(name.as_str()),
                }));
            }
        }
    }
    Ok(Ok(()))
}

/// Releases run in order: a pre-deploy migration may build on everything of the releases before its
/// own.
pub(super) fn before(
    migration: &Migration,
    release: &Release,
    world: &World<'_>,
) -> Result<(), Refusal> {
    if migration.deploy == Deploy::Post {
        return Ok(());
    }
    match world.open_post(release) {
        None => Ok(()),
        Some(open) => Err(Refusal::Before {
            name: migration.slug.clone(),
            stage: migration.stage(),
            release: release.clone(),
            open: open.slug.clone(),
            open_release: world.release(open).clone(),
        }),
    }
}

/// Values that were put aside are kept until the app has another release than the one that did so: an
/// upgrade that goes past several releases at once would delete them in the same run. No gate: nothing
/// waits for it.
pub(super) fn keeps(migration: &Migration, world: &World<'_>) -> bool {
    let resumed = world.entry(migration.id).is_some();
    if migration.stage() != Some(Stage::Purge) || resumed || world.request.purge_at_once {
        return false;
    }
    match world.progress(&migration.slug, Stage::Contract) {
        Progress::Done(entry) => entry.app_version.gating() >= world.request.version.gating(),
        Progress::Planned(_) => true,
        Progress::Open => false,
    }
}

/// A contract runs when the stage before it finished under an earlier release, so that this release was
/// rolled out in between, or when running instances prove that they act on its state.
pub(super) fn required_stop(
    at: &Candidate<'_>,
    world: &World<'_>,
    fleet: &Fleet,
) -> Result<(), Refusal> {
    let waits = matches!(at.stage, Stage::Contract | Stage::Purge);
    if !waits || at.resumed || world.request.offline || world.is_new(fleet) {
        return Ok(());
    }
    let (change, course) = (at.change.as_str(), at.migration.course());
    let Some(previous) = course.previous(at.stage) else { return Ok(()) };
    let someone_runs = fleet.live_of(world.history.app.as_ref()).next().is_some();
    let (earlier, proven) = match world.progress(change, previous) {
        Progress::Done(entry) => {
            let earlier = entry.app_version.gating() < world.request.version.gating();
            let proven = world.history.change(change).is_some_and(|record| {
                course.is_past(previous, record.state)
                    && fleet.live().all(|instance| instance.acknowledged >= record.epoch)
            });
            (earlier, proven)
        }
        // This gate is applied again when that stage has run; then the instances can prove it.
        Progress::Planned(_) => (false, true),
        Progress::Open => (false, false),
    };
    if earlier || (someone_runs && proven) {
        return Ok(());
    }
    Err(Refusal::RequiredStop {
        change: at.change.clone(),
        stage: at.stage,
        release: at.release.clone(),
        stop: world.stage_release(change, previous).unwrap_or(at.release).clone(),
    })
}
