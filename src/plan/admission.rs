//! The gates for the upgrade as a whole: they refuse a release that this database must not go to.

use super::state::World;
use super::{Fleet, History, Refusal};
use crate::model::Release;
use crate::releases::{Migration, Stop, Why, stops_between};

/// Refuses the upgrade as a whole, before any migration is looked at.
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

/// Refuses a database with tables that was not initialised. Like an empty database it has no
/// records, but it must not be taken for one on which everything has still to run.
fn initialised(world: &World<'_>) -> Result<(), Refusal> {
    let History { uninitialised, app, other_apps, .. } = world.history;
    if *uninitialised {
        return Err(Refusal::Uninitialised {
            version: world.request.version.clone(),
            app: app.clone(),
            other_apps: other_apps.clone(),
        });
    }
    Ok(())
}

/// Refuses an app that is older than the database.
fn downgrade(world: &World<'_>) -> Result<(), Refusal> {
    let version = &world.request.version;
    let ahead = world.history.migrations.iter().filter(|at| !version.has_reached(&at.release));
    let baseline = world.history.baseline.iter().filter(|at| !version.has_reached(at));
    let Some(database) = ahead.clone().map(|entry| &entry.release).chain(baseline).max() else {
        return Ok(());
    };
    // Only the latest migration can be undone, so everything that began after the first of these is
    // undone too.
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

/// Refuses if migrations that the database still needs have been squashed.
fn too_old(world: &World<'_>) -> Result<(), Refusal> {
    let Some(minimum) = &world.request.minimum else { return Ok(()) };
    match &world.history.reached {
        Some(reached) if reached.has_reached(minimum) => Ok(()),
        _ => Err(Refusal::TooOld { database: began(world).cloned(), minimum: minimum.clone() }),
    }
}

/// Refuses an upgrade that skips a required stop. These are the declared stops and, if no
/// registered process could prove that its code is in use, those between the backfill and the
/// contract of a change. A database that has never been at any release began empty, without an app,
/// so it is not refused.
fn jump(migrations: &[Migration], world: &World<'_>, fleet: &Fleet) -> Result<(), Refusal> {
    let version = &world.request.version;
    let Some(database) = began(world).filter(|at| !at.has_reached(version)) else { return Ok(()) };
    let stops = stops_between(migrations, &world.request.stops, database, version);
    let declared = |stop: &Stop| stop.why.contains(&Why::Declared);
    let proven = fleet.live_of(world.history.app.as_ref()).next().is_some();
    if world.request.offline || !stops.iter().any(|stop| !proven || declared(stop)) {
        return Ok(());
    }
    Err(Refusal::Jump {
        database: database.clone(),
        version: version.clone(),
        stops: stops.into_iter().map(|stop| stop.release).collect(),
    })
}

/// The release that the upgrade begins at; `None` if no migration has run.
fn began<'a>(world: &World<'a>) -> Option<&'a Release> {
    let first = || world.history.migrations.iter().map(|entry| &entry.app_version).min();
    world.history.reached.as_ref().or_else(first)
}
