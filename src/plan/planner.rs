//! The planner: what runs now, what is refused and what waits, from files, history and fleet.

use foldhash::{HashMap, HashSet};

use super::admission;
use super::gate::{self, Candidate};
use super::orm;
use super::process_gates;
use super::state::World;
use super::{Fleet, History, Later, Plan, PlanError, Planned, Reason, Refusal, Request};
use crate::model::{Deploy, MigrationStatus, Release, State};
use crate::releases::{Migration, Releases};

/// Decides what to run now, from the request, the files, the history and the running processes.
///
/// `migrations` come from [`Releases::load`](crate::releases::Releases::load), called with the
/// checksums of the records that are [`MigrationStatus::Done`]. Each migration of the plan passes
/// its gates if the ones before it have run; the caller plans again after each.
///
/// # Errors
/// The files and the history do not fit together.
pub fn plan(
    migrations: &[Migration],
    history: &History,
    fleet: &Fleet,
    request: &Request,
) -> Result<Plan, PlanError> {
    let world = World::new(migrations, history, request);
    if let Err(refusal) = admission::refuse(migrations, &world, fleet) {
        return Ok(Plan { refused: vec![refusal], ..Plan::default() });
    }
    compare(migrations, &world)?;
    let (candidates, later) = candidates(migrations, &world, fleet);
    let refused = gate::refuse_all(&world, fleet);
    if !refused.is_empty() {
        return Ok(Plan { run: Vec::new(), refused, later });
    }
    let mut planner = Planner { world, fleet, run: Vec::new(), kept: Vec::new() };
    let mut open = candidates;
    // A change may wait for one that sorts after it, so refused candidates are tried again as long
    // as there is progress.
    loop {
        let before = planner.run.len();
        let pass = planner.pass(&open)?;
        if pass.open.is_empty() || planner.run.len() == before {
            let (run, waiting) = orm::merge(planner.run, &pass.open, request);
            let later = later.into_iter().chain(planner.kept).chain(pass.blocked).chain(waiting);
            let later = later.collect();
            return Ok(Plan { run, refused: pass.refused, later });
        }
        open = pass.open;
    }
}

/// Checks that each migration that ran still has its file, unchanged.
fn compare(migrations: &[Migration], world: &World<'_>) -> Result<(), PlanError> {
    let files: HashMap<u64, &Migration> =
        migrations.iter().map(|migration| (migration.id, migration)).collect();
    let mut slots = world.request.slots.clone();
    for entry in &world.history.migrations {
        match files.get(&entry.id) {
            // A squashed migration is in the schema dump.
            None if world.is_folded(&entry.release) => {}
            // It ran in an older release line, after this release was out; this release has a slot
            // for it.
            None if take_slot(&mut slots, &entry.release, migrations) => {}
            None if Releases::is_of_function(&entry.checksum) => {
                return Err(PlanError::Unregistered {
                    id: entry.id,
                    slug: entry.slug.clone(),
                    release: entry.release.clone(),
                });
            }
            None => {
                return Err(PlanError::Missing {
                    id: entry.id,
                    slug: entry.slug.clone(),
                    release: entry.release.clone(),
                });
            }
            Some(file) if file.checksum.as_str() != entry.checksum => {
                return Err(PlanError::Edited {
                    path: file.path.clone(),
                    recorded: entry.checksum.clone(),
                    found: file.checksum.to_string(),
                });
            }
            Some(_) => {}
        }
    }
    for migration in migrations {
        let Some(change) = migration.change() else { continue };
        match world.history.change(change.name.as_str()) {
            Some(record) if record.app != world.history.app => {
                return Err(PlanError::OtherApp {
                    path: migration.path.clone(),
                    change: change.name.clone(),
                    app: record.app.clone(),
                });
            }
            // A change that was rolled back completely has left nothing behind, so its file may be
            // corrected.
            Some(record) if record.state == State::Pending => {}
            Some(record) if record.kind != change.kind => {
                return Err(PlanError::Different {
                    path: migration.path.clone(),
                    change: change.name.clone(),
                    kind: Box::new(change.kind.clone()),
                    recorded: Box::new(record.kind.clone()),
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Takes a slot in a later release line for a migration of `release`; returns false if there is
/// none. If the files continue in the release's own line, a missing file has been removed.
fn take_slot(slots: &mut Vec<Release>, release: &Release, migrations: &[Migration]) -> bool {
    let release = release.gating();
    let gone_on = |slot: &Release| {
        let mut releases = migrations.iter().filter_map(|at| at.release.as_ref());
        releases.any(|at| (release.clone()..slot.gating()).contains(&at.gating()))
    };
    let found = slots.iter().position(|slot| release < slot.gating() && !gone_on(slot));
    found.map(|at| slots.swap_remove(at)).is_some()
}

/// Returns the migrations to run, in running order, and those to run later.
fn candidates<'a>(
    migrations: &'a [Migration],
    world: &World<'a>,
    fleet: &Fleet,
) -> (Vec<&'a Migration>, Vec<Later>) {
    let (mut candidates, mut later) = (Vec::new(), Vec::new());
    for migration in migrations {
        let entry = world.entry(migration.id);
        if entry.is_some_and(|entry| entry.status == MigrationStatus::Done) {
            continue;
        }
        if entry.is_none() && world.is_unreleased(migration) {
            later.push(Later::of(migration, Reason::Unreleased));
        } else if !world.request.version.has_reached(world.release(migration)) {
            later.push(Later::of(migration, Reason::Release));
        } else if world.request.phase.includes(migration.deploy) {
            candidates.push(migration);
        } else {
            later.push(Later::of(migration, Reason::Phase));
        }
    }
    // Migrations run release by release, as they were written and tested. Only if the app is still
    // to be rolled out, the pre-deploy migrations go first, because the roll-out waits for them.
    let version = &world.request.version;
    let rolling = !fleet.behind(world.history.app.as_ref(), version).is_empty();
    let first = |migration: &Migration| if rolling { migration.deploy } else { Deploy::Pre };
    candidates.sort_by_cached_key(|migration| {
        let release = migration.release.clone();
        let order = (release.is_none(), release, migration.deploy, migration.rank(), migration.id);
        (first(migration), order)
    });
    (candidates, later)
}

struct Planner<'a> {
    world: World<'a>,
    fleet: &'a Fleet,
    run: Vec<Planned>,
    kept: Vec<Later>,
}

/// The candidates left over by one pass.
#[derive(Default)]
struct Pass<'a> {
    open: Vec<&'a Migration>,
    refused: Vec<Refusal>,
    blocked: Vec<Later>,
    changes: HashSet<&'a str>,
    /// The earliest release with a refused migration.
    release: Option<Release>,
}

impl<'a> Planner<'a> {
    fn pass(&mut self, candidates: &[&'a Migration]) -> Result<Pass<'a>, PlanError> {
        let mut pass = Pass::default();
        for &migration in candidates {
            let release = self.world.release(migration);
            if pass.blocks(migration, release) {
                pass.blocked.push(Later::of(migration, Reason::Blocked));
                pass.open.push(migration);
                continue;
            }
            if gate::keeps(migration, &self.world) {
                self.kept.push(Later::of(migration, Reason::Kept));
                continue;
            }
            match self.decide(migration, release)? {
                Ok(planned) => {
                    self.world.plan(migration.id);
                    self.run.push(planned);
                }
                Err(refusal) => pass.refuse(migration, release, refusal),
            }
        }
        Ok(pass)
    }

    /// Applies the gates to one migration.
    fn decide(
        &self,
        migration: &'a Migration,
        release: &'a Release,
    ) -> Result<Result<Planned, Refusal>, PlanError> {
        let entry = self.world.entry(migration.id);
        let resumed = entry.is_some_and(|entry| entry.status == MigrationStatus::Running);
        let fleet = || process_gates::fleet(migration, release, (&self.world, self.fleet));
        if let Err(refusal) = gate::unreleased(migration, &self.world) {
            return Ok(Err(refusal));
        }
        if let Err(refusal) = gate::before(migration, release, &self.world) {
            return Ok(Err(refusal));
        }
        if let Err(refusal) = gate::after(migration, release, &self.world)? {
            return Ok(Err(refusal));
        }
        let planned = |after| Planned {
            migration: migration.clone(),
            release: release.clone(),
            resumed,
            after,
        };
        let change = match migration.change() {
            Some(change) => Some(change.name.clone()),
            None => migration.slug.parse().ok(),
        };
        let (Some(stage), Some(change)) = (migration.stage(), change) else {
            return Ok(fleet().map(|()| planned(None)));
        };
        let at = Candidate { change, stage, release, migration, resumed };
        if let Err(refusal) = gate::chain(&at, &self.world)? {
            return Ok(Err(refusal));
        }
        Ok(gate::order(&at, &self.world).and_then(|after| {
            fleet()?;
            process_gates::sessions(&at, &self.world, self.fleet)?;
            process_gates::followed(&at, &self.world, self.fleet)?;
            if after.is_none() {
                process_gates::acknowledge(&at, &self.world, self.fleet)?;
            }
            gate::required_stop(&at, &self.world, self.fleet)?;
            Ok(planned(after))
        }))
    }
}

impl<'a> Pass<'a> {
    /// Returns true if an earlier refusal holds up this migration. A stage is held up by a refused
    /// stage of its change; plain SQL, which may build on anything, by a refused migration of an
    /// earlier release.
    fn blocks(&self, migration: &Migration, release: &Release) -> bool {
        match migration.stage() {
            Some(_) => self.changes.contains(migration.slug.as_str()),
            None => self.release.as_ref().is_some_and(|refused| *refused < release.gating()),
        }
    }

    fn refuse(&mut self, migration: &'a Migration, release: &Release, refusal: Refusal) {
        if migration.stage().is_some() {
            self.changes.insert(&migration.slug);
        }
        let earliest = self
            .release
            .take()
            .map_or_else(|| release.gating(), |refused| refused.min(release.gating()));
        self.release = Some(earliest);
        self.refused.push(refusal);
        self.open.push(migration);
    }
}
