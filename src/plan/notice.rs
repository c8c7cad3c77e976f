//! The notice of an upgrade, for those who use the database.

use std::collections::BTreeSet;
use std::time::Duration;

use super::impact::{Impact, Sizes, Traffic};
use super::upgrade::{Leg, sort, upgrade};
use crate::database::Dialect;
use crate::manifest::Settings;
use crate::model::{Release, TableName};
use crate::releases::{Migration, PathError, Stop, Why, path};

/// A summary of an upgrade for an administrator, or of the unreleased migrations.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice<'a> {
    /// The release; `None` for unreleased migrations.
    pub release: Option<Release>,
    /// The release that the upgrade starts from; `None` if it starts before the first migration.
    pub from: Option<Release>,
    /// The releases to go through, and what to do in each; empty for unreleased migrations.
    pub legs: Vec<Leg<'a>>,
    /// The migrations that run, in running order.
    pub entries: Vec<NoticeEntry<'a>>,
    /// The stages in later releases of changes that this upgrade has stages of.
    pub later: Vec<&'a Migration>,
}

/// One migration of a notice.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeEntry<'a> {
    /// The migration.
    pub migration: &'a Migration,
    /// The effects of the migration.
    pub impact: Impact,
    /// The tables whose rows it reads or writes, with their approximate number of rows; `None` if
    /// the database has no such table.
    pub rows: Vec<(TableName, Option<u64>)>,
    /// The expected duration, if a database was asked and the duration can be estimated.
    pub expected: Option<Duration>,
}

impl<'a> Notice<'a> {
    /// Summarises the upgrade to `release` from `from`, by default from the last release before it
    /// that has migrations.
    ///
    /// # Errors
    /// There is no upgrade path from `from`.
    pub fn of_release(
        migrations: &'a [Migration],
        settings: &Settings,
        from: Option<&Release>,
        release: &Release,
    ) -> Result<Self, PathError> {
        let before = || {
            let releases = migrations.iter().filter_map(|migration| migration.release.as_ref());
            let releases = releases.chain(&settings.minimum_version).map(Release::gating);
            releases.filter(|at| *at < release.gating()).max()
        };
        let from = from.cloned().or_else(before);
        let stops = match &from {
            Some(from) => path(migrations, settings, from, release)?,
            None => vec![Stop { release: release.clone(), why: vec![Why::Goal] }],
        };
        let legs = upgrade(migrations, from.as_ref(), stops);
        let runs: Vec<&Migration> =
            legs.iter().flat_map(|leg| leg.migrations.iter().copied()).collect();
        let changes: BTreeSet<&str> = runs
            .iter()
            .filter(|migration| migration.stage().is_some())
            .map(|migration| migration.slug.as_str())
            .collect();
        let is_later = |at: &Release| at.gating() > release.gating();
        let mut later: Vec<&Migration> = migrations
            .iter()
            .filter(|migration| migration.release.as_ref().is_some_and(is_later))
            .filter(|migration| changes.contains(migration.slug.as_str()))
            .filter(|migration| migration.stage().is_some())
            .collect();
        later.sort_by_key(|migration| (migration.release.clone(), migration.id));
        let entries = runs.into_iter().map(NoticeEntry::new).collect();
        Ok(Self { release: Some(release.clone()), from, legs, entries, later })
    }

    /// Summarises the unreleased migrations.
    #[must_use]
    pub fn unreleased(migrations: &'a [Migration]) -> Self {
        let mut waiting: Vec<&Migration> =
            migrations.iter().filter(|migration| migration.release.is_none()).collect();
        sort(&mut waiting);
        Self {
            release: None,
            from: None,
            legs: Vec::new(),
            entries: waiting.into_iter().map(NoticeEntry::new).collect(),
            later: Vec::new(),
        }
    }

    /// The migrations, for asking a database about the sizes of their tables.
    #[must_use]
    pub fn migrations(&self) -> Vec<&'a Migration> {
        self.entries.iter().map(|entry| entry.migration).collect()
    }

    /// Returns the notice with the row counts and expected durations for a database of these sizes.
    #[must_use]
    pub fn at(mut self, sizes: &Sizes) -> Self {
        for entry in &mut self.entries {
            entry.impact = Impact::of(entry.migration, Some(sizes.dialect));
            entry.expected = sizes.expect(&entry.impact);
            let tables = entry.impact.effects.iter().filter(|effect| sizes.rows(effect).is_some());
            entry.rows = tables
                .filter_map(|effect| effect.table.clone())
                .map(|table| (table.clone(), sizes.rows.get(&table).copied()))
                .collect();
            entry.rows.dedup();
        }
        self
    }

    /// The worst effect of these migrations on the running app.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        let worst = self.entries.iter().map(|entry| entry.impact.traffic()).max();
        worst.unwrap_or(Traffic::Runs)
    }
}

impl<'a> NoticeEntry<'a> {
    fn new(migration: &'a Migration) -> Self {
        let unknown: Option<Dialect> = None;
        Self { migration, impact: Impact::of(migration, unknown), rows: Vec::new(), expected: None }
    }
}
