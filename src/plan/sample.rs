//! Histories and fleets for tests.

use super::{Fleet, History};
use crate::model::{ChangeRecord, Instance, MigrationRecord, MigrationStatus, State};
use crate::releases::Migration;

/// The record of a migration that finished under an app version.
pub(crate) fn done(migration: &Migration, app_version: &str) -> MigrationRecord {
    let app_version = app_version.parse().unwrap();
    let stage = migration.stage();
    MigrationRecord {
        id: migration.id,
        change: stage.map(|_| migration.slug.parse().unwrap()),
        stage,
        slug: migration.slug.clone(),
        release: migration.release.clone().unwrap_or_else(|| Clone::clone(&app_version)),
        checksum: migration.checksum.to_string(),
        app_version,
        status: MigrationStatus::Done,
        run_order: 0,
        started_at: 0,
        finished_at: Some(0),
    }
}

/// A history of migrations in that order, without changes.
pub(crate) fn history(entries: &[MigrationRecord]) -> History {
    let mut history = History { migrations: entries.to_vec(), ..History::default() };
    for (entry, order) in history.migrations.iter_mut().zip(1..) {
        entry.run_order = order;
    }
    history
}

/// The record of a change that the migration is a stage of.
pub(crate) fn record(migration: &Migration, state: State, epoch: u64) -> ChangeRecord {
    let change = migration.change().unwrap();
    ChangeRecord {
        name: change.name.clone(),
        app: None,
        kind: change.kind.clone(),
        expand_release: migration.release.clone().unwrap_or_else(|| "1.0.0".parse().unwrap()),
        state,
        epoch,
        computed_default: None,
        conversion: None,
    }
}

/// The history of one rename after its first `stages` stages, each run under the app version,
/// with the epoch at 10 plus the number of stages.
pub(crate) fn after(migrations: &[Migration], stages: usize, app_version: &str) -> History {
    let entries: Vec<_> =
        migrations[..stages].iter().map(|migration| done(migration, app_version)).collect();
    let mut history = history(&entries);
    let by_stage = [State::Pending, State::DualWrite, State::ReadTo, State::Contracted];
    if stages > 0 {
        history.changes.push(record(&migrations[0], by_stage[stages], 10 + stages as u64));
    }
    history
}

/// Live instances, each of a release and with the epoch that it has acknowledged.
pub(crate) fn fleet(instances: &[(&str, u64)]) -> Fleet {
    let instance = |(at, (release, acknowledged)): (u32, &(&str, u64))| Instance {
        id: format!("i{at}"),
        app: None,
        host: "web".to_owned(),
        pid: at,
        release: release.parse().unwrap(),
        acknowledged: *acknowledged,
        live: true,
        followed: Vec::new(),
    };
    Fleet { instances: (1..).zip(instances).map(instance).collect(), unaccounted: Vec::new() }
}
