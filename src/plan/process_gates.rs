//! The gates that wait for app processes, each one function that refuses with `Err`: see
//! docs/explanation/protocol.md, section 2.

use super::gate::Candidate;
use super::state::World;
use super::{Fleet, Refusal};
use crate::model::{ChangeRecord, Deploy, Instance, Release, Stage, State};
use crate::releases::Migration;

/// A post-deploy migration runs when every live instance of the app has its release. The processes of other
/// apps have no such release: they acknowledge states.
pub(super) fn fleet(
    migration: &Migration,
    release: &Release,
    (world, fleet): (&World<'_>, &Fleet),
) -> Result<(), Refusal> {
    let waiting = fleet.behind(world.history.app.as_ref(), release);
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

/// A stage that could break processes without the shim runs when none is connected, as far as the database
/// shows. Only the first change of a database waits for that: see [`Fleet::unaccounted`].
pub(super) fn sessions(
    at: &Candidate<'_>,
    world: &World<'_>,
    fleet: &Fleet,
) -> Result<(), Refusal> {
    let request = world.request;
    let asked = at.stage.deploy() == Deploy::Post && !at.resumed && !request.offline;
    if !asked || request.any_session || fleet.unaccounted.is_empty() {
        return Ok(());
    }
    Err(Refusal::Sessions {
        change: at.change.clone(),
        stage: at.stage,
        release: at.release.clone(),
        sessions: fleet.unaccounted.clone(),
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
        steps_back: None,
    })
}

/// A contract after which code from before the change reads or writes other values, or meets no column, waits until
/// the processes of other apps say that they have followed it. Those of its own app have its release.
pub(super) fn followed(
    at: &Candidate<'_>,
    world: &World<'_>,
    fleet: &Fleet,
) -> Result<(), Refusal> {
    let course = at.migration.course();
    let over = |record: &ChangeRecord| record.state == State::Contracted;
    // What the database has done at once is over.
    let is_over = world.history.change(at.change.as_str()).is_some_and(over);
    let asked = at.stage == Stage::Contract && (course.drops || course.keeps_name) && !is_over;
    if !asked || at.resumed || world.request.any_app {
        return Ok(());
    }
    let behind = |instance: &Instance| {
        instance.app != world.history.app && !instance.followed.contains(&at.change)
    };
    let waiting = fleet.waiting(behind);
    if waiting.is_empty() {
        return Ok(());
    }
    Err(Refusal::NotFollowed {
        change: at.change.clone(),
        stage: at.stage,
        release: at.release.clone(),
        waiting,
    })
}
