//! The gates that look at the whole upgrade: may this database go to that release at all?

use super::state::World;
use super::{Fleet, Refusal};
use crate::model::Release;
use crate::releases::{Migration, Stop, Why, stops_between};

/// What refuses the upgrade as such, before anything is looked at more closely.
pub(super) fn refuse(
    migrations: &[Migration],
    world: &World<'_>,
    fleet: &Fleet,
) -> Result<(), Refusal> {
    initialised(world)?;
    downgrade(world)?;
    too_old(world)?;
    jump(migrations, world, fleet)
}

/// An empty database and one from before handover look alike in what they record: nothing. One with
/// tables is never taken for one on which everything has still to run.
fn initialised(world: &World<'_>) -> Result<(), Refusal> {
    if world.history.uninitialised {
        return Err(Refusal::Uninitialised { version: world.request.version.clone() });
    }
    Ok(())
}

/// The app is not older than the database.
fn downgrade(world: &World<'_>) -> Result<(), Refusal> {
    let version = &world.request.version;
    let ahead = world.history.migrations.iter().filter(|at| !version.has_reached(&at.release));
    let baseline = world.history.baseline.iter().filter(|at| !version.has_reached(at));
    let Some(database) = ahead.clone().map(|entry| &entry.release).chain(baseline).max() else {
        return Ok(());
    };
    // Only the latest can be undone, so all that came after the first of these goes too.
    let first = ahead.map(|entry| entry.run_order).min();
    Err(Refusal::Downgrade {
        database: database.clone(),
        version: version.clone(),
        steps: world
            .history
            .migrations
            .iter()
            .filter(|entry| Some(entry.run_order) >= first)
            .count(),
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

/// Every release that must not be skipped was run by this database: those that are declared, and,
/// where no process is registered that could prove that its code is in use, those between the
/// backfill and the contract of a change. What has never been at any release began empty, with no
/// app on it.
fn jump(migrations: &[Migration], world: &World<'_>, fleet: &Fleet) -> Result<(), Refusal> {
    let version = &world.request.version;
    let Some(database) = began(world).filter(|at| !at.has_reached(version)) else { return Ok(()) };
    let stops = stops_between(migrations, &world.request.stops, database, version);
    let declared = |stop: &Stop| stop.why.contains(&Why::Declared);
    let proven = fleet.live().next().is_some();
    if world.request.offline || !stops.iter().any(|stop| !proven || declared(stop)) {
        return Ok(());
    }
    Err(Refusal::Jump {
        database: database.clone(),
        version: version.clone(),
        stops: stops.into_iter().map(|stop| stop.release).collect(),
    })
}

/// The release that the upgrade begins at; none for a database that has nothing yet.
fn began<'a>(world: &World<'a>) -> Option<&'a Release> {
    let first = || world.history.migrations.iter().map(|entry| &entry.app_version).min();
    world.history.reached.as_ref().or_else(first)
}
