//! A migration with its content, and all migrations of a project.

use std::collections::HashSet;
use std::path::PathBuf;

use super::MigrationFile;
use crate::manifest::Checksum;
use crate::model::{Change, ChangeKind, ChangeName, Course, Deploy, Release, Stage};

/// The migration files of a project, found by their names and not yet parsed.
///
/// Sorted by release (those in `unreleased/` last), then by id.
#[derive(Debug, Clone, Default)]
pub struct Releases {
    pub(super) files: Vec<MigrationFile>,
}

/// One migration, parsed as far as it needs to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Its id.
    pub id: u64,
    /// The change's id, or the name of a plain SQL migration.
    pub slug: String,
    /// Its release; `None` while it is in `unreleased/`.
    pub release: Option<Release>,
    /// Its file, relative to the project's root.
    pub path: PathBuf,
    /// The checksum of the file.
    pub checksum: Checksum,
    /// When it runs: before or after the release's code is deployed.
    pub deploy: Deploy,
    /// The migrations that have to be done before, besides those that come first by the order of
    /// releases and stages. A change is named for its backfill.
    pub after: Vec<ChangeName>,
    /// Its content.
    pub body: Body,
}

/// The content of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// One stage of a change.
    Stage {
        /// The change.
        change: Change,
        /// Its stage.
        stage: Stage,
    },
    /// Plain SQL.
    Sql {
        /// The statements.
        text: String,
    },
    /// A Rust function of the app.
    Rust,
    /// A migration of the app's `Migrator` of sea-orm-migration.
    Orm,
    /// The database already knows the file with the same checksum, so it was not parsed.
    Unparsed {
        /// The stage of the change that the migration's `slug` names; `None` for plain SQL.
        stage: Option<Stage>,
    },
}

impl Migration {
    /// The stage; `None` for plain SQL and functions.
    #[must_use]
    pub const fn stage(&self) -> Option<Stage> {
        match &self.body {
            Body::Stage { stage, .. } => Some(*stage),
            Body::Unparsed { stage } => *stage,
            Body::Sql { .. } | Body::Rust | Body::Orm => None,
        }
    }

    /// The word for its kind: its stage, `sql`, `rust` or `sea-orm`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match (self.stage(), &self.body) {
            (Some(stage), _) => stage.as_str(),
            (None, Body::Rust) => "rust",
            (None, Body::Orm) => "sea-orm",
            (None, _) => "sql",
        }
    }

    /// Its rank among the stages of its release: plain SQL ranks with the expands or backfills.
    #[must_use]
    pub fn rank(&self) -> Stage {
        match (self.stage(), self.deploy) {
            (Some(stage), _) => stage,
            (None, Deploy::Pre) => Stage::Expand,
            (None, Deploy::Post) => Stage::Backfill,
        }
    }

    /// The stages and states of its kind of change. Of a file that was not parsed, the kind is not
    /// known: then the course that has every stage.
    #[must_use]
    pub fn course(&self) -> &'static Course {
        self.change().map_or(ChangeKind::FULL_COURSE, Change::course)
    }

    /// The change; `None` unless the file was parsed and is a stage of one.
    #[must_use]
    pub const fn change(&self) -> Option<&Change> {
        match &self.body {
            Body::Stage { change, .. } => Some(change),
            Body::Unparsed { .. } | Body::Sql { .. } | Body::Rust | Body::Orm => None,
        }
    }
}

impl Releases {
    /// The files, by release (those in `unreleased/` last), then by id.
    #[must_use]
    pub fn files(&self) -> &[MigrationFile] {
        &self.files
    }

    /// The ids of all files.
    #[must_use]
    pub fn ids(&self) -> HashSet<u64> {
        self.files.iter().map(|file| file.id).collect()
    }

    /// Keeps the files for which `keep` returns true.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&MigrationFile) -> bool) -> Self {
        Self { files: self.files.iter().filter(|file| keep(file)).cloned().collect() }
    }
}
