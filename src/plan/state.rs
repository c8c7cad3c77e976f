//! What the gates ask about: the files, the history, and what is planned so far.

// A fast hash without protection against an attacker: names and ids are the project's own, and each
// deploy hashes all of them.
use foldhash::{HashMap, HashSet};

use super::{Fleet, History, Phase, Request};
use crate::model::{
    ChangeKind, ColumnPair, Deploy, MigrationRecord, MigrationStatus, Release, Stage,
};
use crate::releases::Migration;

/// The input of the gates: the files, the history, and the migrations planned so far.
pub(super) struct World<'a> {
    pub(super) request: &'a Request,
    pub(super) history: &'a History,
    entries: HashMap<u64, &'a MigrationRecord>,
    stages: HashMap<(&'a str, Stage), &'a Migration>,
    names: HashMap<&'a str, &'a Migration>,
    /// The post-deploy migrations that are not stages of a change.
    posts: Vec<&'a Migration>,
    changes: Vec<Whole<'a>>,
    /// The ids of the migrations planned so far, which count as done.
    planned: HashSet<u64>,
}

/// A change of which a file has been parsed.
struct Whole<'a> {
    name: &'a str,
    kind: &'a ChangeKind,
    expand: &'a Migration,
}

/// The progress that a stage will have made when the candidate is to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress<'a> {
    /// It has not finished.
    Open,
    /// It is done.
    Done(&'a MigrationRecord),
    /// It comes earlier in the plan.
    Planned(u64),
}

impl<'a> World<'a> {
    pub(super) fn new(
        migrations: &'a [Migration],
        history: &'a History,
        request: &'a Request,
    ) -> Self {
        let stages: HashMap<_, _> = migrations
            .iter()
            .filter_map(|migration| {
                Some(((migration.slug.as_str(), migration.stage()?), migration))
            })
            .collect();
        let changes = migrations
            .iter()
            .filter(|migration| migration.stage() == Some(Stage::Expand))
            .filter_map(|expand| {
                let name = expand.slug.as_str();
                let mut files = Stage::ALL.iter().filter_map(|stage| stages.get(&(name, *stage)));
                let change = files.find_map(|file| file.change())?;
                Some(Whole { name, kind: &change.kind, expand })
            })
            .collect();
        let others = || migrations.iter().filter(|migration| migration.stage().is_none());
        Self {
            request,
            names: others().map(|migration| (migration.slug.as_str(), migration)).collect(),
            posts: others().filter(|migration| migration.deploy == Deploy::Post).collect(),
            history,
            entries: history.migrations.iter().map(|entry| (entry.id, entry)).collect(),
            stages,
            changes,
            planned: HashSet::default(),
        }
    }

    /// The release that a migration runs for; an unreleased one counts as the app's.
    pub(super) fn release(&self, migration: &'a Migration) -> &'a Release {
        migration.release.as_ref().unwrap_or(&self.request.version)
    }

    /// Returns true if the migration is in `unreleased/` and unreleased migrations were not asked
    /// for.
    pub(super) fn is_unreleased(&self, migration: &Migration) -> bool {
        migration.release.is_none() && !self.request.allow_unreleased
    }

    /// Returns true if the change or other migration with this name is in `unreleased/` and
    /// unreleased migrations were not asked for.
    pub(super) fn names_unreleased(&self, name: &str) -> bool {
        let awaited = self.awaited_stage(name).and_then(|stage| self.stages.get(&(name, stage)));
        awaited.or_else(|| self.names.get(name)).is_some_and(|at| self.is_unreleased(at))
    }

    /// Returns true if no app has ever used the database, and none is to use it before all of this has
    /// run: so no release can be skipped.
    pub(super) fn is_new(&self, fleet: &Fleet) -> bool {
        self.request.began_empty
            && self.request.phase == Phase::All
            && self.history.baseline.is_none()
            && fleet.instances.is_empty()
    }

    /// Returns true if the migrations of this release have been squashed.
    pub(super) fn is_folded(&self, release: &Release) -> bool {
        self.request.minimum.as_ref().is_some_and(|minimum| minimum.has_reached(release))
    }

    /// The record of a migration.
    pub(super) fn entry(&self, id: u64) -> Option<&'a MigrationRecord> {
        self.entries.get(&id).copied()
    }

    /// Counts a migration as done from now on.
    pub(super) fn plan(&mut self, id: u64) {
        self.planned.insert(id);
    }

    /// The progress of a stage of a change.
    pub(super) fn progress(&self, change: &str, stage: Stage) -> Progress<'a> {
        let file = self.stages.get(&(change, stage));
        let entry = match file {
            Some(file) => self.entry(file.id),
            None => self.history.stage(change, stage),
        };
        match (entry, file) {
            (Some(entry), _) if entry.status == MigrationStatus::Done => Progress::Done(entry),
            (_, Some(file)) if self.planned.contains(&file.id) => Progress::Planned(file.id),
            _ => Progress::Open,
        }
    }

    /// Returns true if the change with this name has run up to its contract, or the other migration
    /// with this name is done, or if that will be so when the candidate is to run; `None` if neither
    /// exists.
    pub(super) fn is_done(&self, name: &str) -> Option<bool> {
        let recorded = || {
            let mut entries = self.history.migrations.iter();
            let entry = entries.find(|entry| entry.stage.is_none() && entry.slug == name);
            entry.map(|entry| entry.status == MigrationStatus::Done)
        };
        if let Some(stage) = self.awaited_stage(name) {
            return Some(self.progress(name, stage) != Progress::Open);
        }
        match self.names.get(name) {
            Some(migration) => Some(self.has_run(migration)),
            None => recorded(),
        }
    }

    /// A post-deploy migration of an earlier release that is not a stage and has not run, if there
    /// is one.
    pub(super) fn open_post(&self, release: &Release) -> Option<&'a Migration> {
        let open = |migration: &&&Migration| {
            self.release(migration).gating() < release.gating() && !self.has_run(migration)
        };
        self.posts.iter().find(open).copied()
    }

    fn has_run(&self, migration: &Migration) -> bool {
        let done = |entry: &MigrationRecord| entry.status == MigrationStatus::Done;
        self.planned.contains(&migration.id) || self.entry(migration.id).is_some_and(done)
    }

    /// The release that a stage of a change belongs to.
    pub(super) fn stage_release(&self, change: &str, stage: Stage) -> Option<&'a Release> {
        match self.stages.get(&(change, stage)) {
            Some(file) => Some(self.release(file)),
            None => self.history.stage(change, stage).map(|entry| &entry.release),
        }
    }

    /// The stage that others wait for when they come `after` a change: the last one before its
    /// contract. `None` if no stage of the change is known.
    fn awaited_stage(&self, change: &str) -> Option<Stage> {
        let known = |stage: &Stage| {
            self.stages.contains_key(&(change, *stage))
                || self.history.stage(change, *stage).is_some()
        };
        [Stage::Backfill, Stage::Expand].into_iter().find(known)
    }

    /// A change that must be finished before `expand` may begin, by its files, and is not: it uses the
    /// same column, and the last stage that needs it is in an earlier release. With that stage and its
    /// release.
    pub(super) fn unfinished_before(
        &self,
        expand: &Migration,
        columns: &ColumnPair,
    ) -> Option<(&'a str, Stage, &'a Release)> {
        let begin = expand.release.as_ref().map(Release::gating);
        self.changes.iter().filter(|other| other.expand.id != expand.id).find_map(|other| {
            let last = other.kind.needs_until(columns)?;
            let end = self.stages.get(&(other.name, last))?.release.as_ref()?;
            let before = begin.as_ref().is_none_or(|begin| end.gating() < *begin);
            let blocks = before && self.progress(other.name, last) == Progress::Open;
            blocks.then_some((other.name, last, end))
        })
    }
}
