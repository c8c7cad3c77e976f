//! The place of the app's own migrations, those of sea-orm-migration, among handover's.

use super::{Later, Planned, Reason, Request};
use crate::model::Deploy;
use crate::releases::{Migration, OrmMigration};

/// Merges the app's own migrations into a plan by the times in their names. Each list keeps its own
/// order. Returns those that wait as well.
///
/// They run before the release's code is rolled out, as handover's own pre-deploy migrations do, and
/// each may build on the ones before it: none runs ahead of a refused pre-deploy migration that is
/// older.
pub(super) fn merge(
    run: Vec<Planned>,
    refused: &[&Migration],
    request: &Request,
) -> (Vec<Planned>, Vec<Later>) {
    let own = &request.orm_migrations;
    if !request.phase.includes(Deploy::Pre) {
        return (run, own.iter().map(|own| later(own, request, Reason::Phase)).collect());
    }
    let refused = refused.iter().filter(|migration| migration.deploy == Deploy::Pre);
    let limit = refused.map(|migration| migration.id).min().unwrap_or(u64::MAX);
    let ready = own.iter().take_while(|own| own.id < limit).count();
    let (ready, wait) = own.split_at(ready);
    let mut ready = ready.iter().peekable();
    let mut merged = Vec::with_capacity(run.len() + ready.len());
    for planned in run {
        while let Some(earlier) = ready.next_if(|own| own.id <= planned.migration.id) {
            merged.push(planned_of(earlier, request));
        }
        merged.push(planned);
    }
    merged.extend(ready.map(|own| planned_of(own, request)));
    (merged, wait.iter().map(|own| later(own, request, Reason::Blocked)).collect())
}

fn later(own: &OrmMigration, request: &Request, reason: Reason) -> Later {
    Later { release: Some(request.version.clone()), ..Later::of(&own.as_migration(), reason) }
}

fn planned_of(own: &OrmMigration, request: &Request) -> Planned {
    Planned {
        migration: own.as_migration(),
        release: request.version.clone(),
        resumed: false,
        after: None,
    }
}
