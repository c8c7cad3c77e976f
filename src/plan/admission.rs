//! The gates that look at the whole upgrade: may this database go to that release at all?

use super::Refusal;
use super::state::World;
use crate::model::Release;

/// What refuses the upgrade as such, before anything is looked at more closely.
pub(super) fn refuse(world: &World<'_>) -> Result<(), Refusal> {
    known(world)?;
    downgrade(world)?;
    too_old(world)?;
    jump(world)
}

/// An empty database and one from before handover look alike in what they record: nothing. One with
/// tables is never taken for one on which everything has still to run.
fn known(world: &World<'_>) -> Result<(), Refusal> {
    if world.history.unknown {
        return Err(Refusal::Unknown { version: world.request.version.clone() });
    }
    Ok(())
}

/// The app is not older than the database.
fn downgrade(world: &World<'_>) -> Result<(), Refusal> {
    let version = &world.request.version;
    let ahead = world.history.entries.iter().filter(|at| !version.has_reached(&at.release));
    let baseline = world.history.baseline.iter().filter(|at| !version.has_reached(at));
    let Some(database) = ahead.clone().map(|entry| &entry.release).chain(baseline).max() else {
        return Ok(());
    };
    // Only the latest can be undone, so all that came after the first of these goes too.
    let first = ahead.map(|entry| entry.order).min();
    Err(Refusal::Downgrade {
        database: database.clone(),
        version: version.clone(),
        steps: world.history.entries.iter().filter(|entry| Some(entry.order) >= first).count(),
    })
}

/// The migrations that the database still needs have not been squashed.
fn too_old(world: &World<'_>) -> Result<(), Refusal> {
    let Some(minimum) = &world.request.minimum else { return Ok(()) };
    match &world.history.reached {
        Some(reached) if reached.has_reached(minimum) => Ok(()),
        _ => Err(Refusal::TooOld { database: began(world).cloned(), minimum: minimum.clone() }),
    }
}

/// Every release that must not be skipped was run by this database. What has never been at any
/// release began empty, with no app on it.
fn jump(world: &World<'_>) -> Result<(), Refusal> {
    let version = world.request.version.gating();
    let Some(database) = began(world) else { return Ok(()) };
    let mut stops: Vec<Release> = world.request.stops.iter().map(Release::gating).collect();
    stops.retain(|stop| database.gating() < *stop && *stop < version);
    stops.sort();
    stops.dedup();
    if stops.is_empty() || world.request.offline {
        return Ok(());
    }
    let (database, version) = (database.clone(), world.request.version.clone());
    Err(Refusal::Jump { database, version, stops })
}

/// The release that the upgrade begins at; none for a database that has nothing yet.
fn began<'a>(world: &World<'a>) -> Option<&'a Release> {
    let first = || world.history.entries.iter().map(|entry| &entry.app_version).min();
    world.history.reached.as_ref().or_else(first)
}
