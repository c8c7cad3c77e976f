//! Each gate is one function: `Err` is its "no". Why each exists is in docs/explanation/protocol.md, section 2.

use super::state::{Progress, World};
use super::{Fleet, PlanError, Refusal, Status};
use crate::model::{ChangeName, Deploy, Release, Stage, State};
use crate::releases::Migration;

/// A stage at its gates.
pub(super) struct Candidate<'a> {
    pub(super) change: ChangeName,
    pub(super) stage: Stage,
    pub(super) release: &'a Release,
    pub(super) migration: &'a Migration,
    /// It began before, so it had passed its gates.
    pub(super) resumed: bool,
}

/// What refuses everything.
pub(super) fn refuse_all(
    migrations: &[Migration],
    world: &World<'_>,
    fleet: &Fleet,
) -> Vec<Refusal> {
    let gates = [undoing(world), unreleased(migrations, world), live(world, fleet)];
    gates.into_iter().filter_map(Result::err).collect()
}

/// No rollback was left halfway.
fn undoing(world: &World<'_>) -> Result<(), Refusal> {
    let entries = world.history.entries.iter();
    let undoing: Vec<_> = entries.filter(|entry| entry.status == Status::Undoing).collect();
    match undoing.iter().max_by_key(|entry| entry.order) {
        Some(entry) => Err(Refusal::Undoing {
            name: entry.slug.clone(),
            stage: entry.stage,
            release: entry.release.clone(),
            left: undoing.len(),
        }),
        None => Ok(()),
    }
}

/// Every migration belongs to a release.
fn unreleased(migrations: &[Migration], world: &World<'_>) -> Result<(), Refusal> {
    let paths: Vec<_> = migrations
        .iter()
        .filter(|migration| migration.release.is_none())
        .filter(|migration| world.entry(migration.id).is_none_or(|at| at.status != Status::Done))
        .map(|migration| migration.path.clone())
        .collect();
    if paths.is_empty() || world.request.allow_unreleased {
        Ok(())
    } else {
        Err(Refusal::Unreleased { paths })
    }
}

/// Nobody is running when the user says so.
fn live(world: &World<'_>, fleet: &Fleet) -> Result<(), Refusal> {
    let instances = fleet.waiting(|_| true);
    if world.request.offline && !instances.is_empty() {
        return Err(Refusal::Live { instances });
    }
    Ok(())
}

/// The stages of a change run in order. Gives the stage before, if the plan has it.
pub(super) fn order(at: &Candidate<'_>, world: &World<'_>) -> Result<Option<u64>, Refusal> {
    let Some(missing) = at.stage.previous() else { return Ok(None) };
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

/// A change begins when the changes before it on its columns are over.
///
/// # Errors
/// A change that no file orders before it is not over.
pub(super) fn chain(
    at: &Candidate<'_>,
    world: &World<'_>,
) -> Result<Result<(), Refusal>, PlanError> {
    let Some(change) = at.migration.change().filter(|_| at.stage == Stage::Expand) else {
        return Ok(Ok(()));
    };
    let rename = change.rename();
    if let Some((open, until)) = world.unfinished_before(at.migration, rename) {
        return Ok(Err(Refusal::Chain {
            change: at.change.clone(),
            stage: at.stage,
            release: at.release.clone(),
            open: open.to_owned(),
            until: until.clone(),
        }));
    }
    let open = world.history.changes.iter().find(|record| {
        record.name != at.change
            && record.rename.shares_column(rename)
            && world.progress(record.name.as_str(), Stage::Contract) == Progress::Open
            && !matches!(record.state, State::Pending | State::Contracted)
    });
    match open {
        Some(open) => Err(PlanError::Collision {
            change: at.change.clone(),
            rename: rename.clone(),
            open: open.name.clone(),
            open_rename: open.rename.clone(),
            state: open.state,
        }),
        None => Ok(Ok(())),
    }
}

/// What says that it comes after something else runs when that is done.
///
/// # Errors
/// Nothing is called that.
pub(super) fn after(
    migration: &Migration,
    release: &Release,
    world: &World<'_>,
) -> Result<Result<(), Refusal>, PlanError> {
    for name in &migration.after {
        match world.is_done(name.as_str()) {
            Some(true) => {}
            // It was before the minimum, so the schema dump has it.
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
                }));
            }
        }
    }
    Ok(Ok(()))
}

/// Releases come in order: what was written for a release may build on all that ran before it.
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

/// A post-deploy migration runs when every live instance has its release.
pub(super) fn fleet(
    migration: &Migration,
    release: &Release,
    fleet: &Fleet,
) -> Result<(), Refusal> {
    let waiting = fleet.waiting(|instance| !instance.release.has_reached(release));
    if waiting.is_empty() || migration.deploy == Deploy::Pre {
        return Ok(());
    }
    Err(Refusal::Fleet {
        name: migration.slug.clone(),
        stage: migration.stage(),
        release: release.clone(),
        waiting,
    })
}

/// A state change begins when every live instance has acknowledged the last one.
pub(super) fn acknowledge(
    at: &Candidate<'_>,
    world: &World<'_>,
    fleet: &Fleet,
) -> Result<(), Refusal> {
    let Some(record) = world.history.change(at.change.as_str()) else { return Ok(()) };
    let waiting = fleet.waiting(|instance| instance.acknowledged < record.epoch);
    if waiting.is_empty() || at.stage == Stage::Expand {
        return Ok(());
    }
    Err(Refusal::Acknowledge {
        change: at.change.clone(),
        stage: at.stage,
        release: at.release.clone(),
        epoch: record.epoch,
        waiting,
    })
}

/// A contract runs when the backfill ended under an earlier release, so that this one was rolled
/// out in between, or when running instances prove that reads have moved.
pub(super) fn required_stop(
    at: &Candidate<'_>,
    world: &World<'_>,
    fleet: &Fleet,
) -> Result<(), Refusal> {
    if at.stage != Stage::Contract || at.resumed || world.request.offline {
        return Ok(());
    }
    let change = at.change.as_str();
    let someone_runs = fleet.live().next().is_some();
    let (earlier, proven) = match world.progress(change, Stage::Backfill) {
        Progress::Done(entry) => {
            let earlier = entry.app_version.gating() < world.request.version.gating();
            let proven = world.history.change(change).is_some_and(|record| {
                record.state >= State::ReadTo
                    && fleet.live().all(|instance| instance.acknowledged >= record.epoch)
            });
            (earlier, proven)
        }
        // The gate is asked again when the backfill has run; then the instances can prove it.
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
        stop: world.backfill_release(change).unwrap_or(at.release).clone(),
    })
}
