use std::borrow::Cow;
use std::collections::HashSet;
use std::path::PathBuf;

use crate::manifest::Checksum;
use crate::model::{Change, ChangeName, Deploy, Release, Stage};

/// The migration files of a project, found by their names and not yet understood.
///
/// Sorted by release (those in `unreleased/` last), then by id.
#[derive(Debug, Clone, Default)]
pub struct Releases {
    pub(super) files: Vec<MigrationFile>,
}

/// One file, as its name and folder describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationFile {
    /// The digits that the file name begins with.
    pub id: u64,
    /// The change's id, or the name of a plain SQL migration.
    pub slug: String,
    /// What the file's ending says that it is.
    pub kind: FileKind,
    /// The release of its folder; none in `unreleased/`.
    pub release: Option<Release>,
    /// The file, relative to the project's root.
    pub path: PathBuf,
    /// The checksum of its bytes.
    pub checksum: Checksum,
    /// What it says.
    pub text: Cow<'static, str>,
}

/// What a migration file's ending says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// `.<stage>.yml`: a stage of a change.
    Stage(Stage),
    /// `.sql` (pre-deploy) or `.post.sql`: plain SQL.
    Sql(Deploy),
    /// No file: a Rust function that the app registers.
    Rust(Deploy),
    /// `.slot.yml`: reserves an id for a migration that an older line may need; not a migration itself.
    Slot,
}

/// One migration, understood as far as it needs to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Its id.
    pub id: u64,
    /// The change's id, or the name of a plain SQL migration.
    pub slug: String,
    /// Its release; none while it is in `unreleased/`.
    pub release: Option<Release>,
    /// Its file, relative to the project's root.
    pub path: PathBuf,
    /// The checksum of the file.
    pub checksum: Checksum,
    /// Whether it runs before or after the release's code is rolled out.
    pub deploy: Deploy,
    /// What has to be done before, besides what the order of releases and stages says: the backfill
    /// of a change, or another migration, by name.
    pub after: Vec<ChangeName>,
    /// What it does.
    pub body: Body,
}

/// What a migration does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// One stage of a change.
    Stage {
        /// The change.
        change: Change,
        /// Which stage of it.
        stage: Stage,
    },
    /// Plain SQL.
    Sql {
        /// The statements.
        text: String,
    },
    /// A Rust function of the app.
    Rust,
    /// The database already knows the file with the same checksum, so it was not parsed.
    Unparsed {
        /// The stage of the change that the migration's `slug` names; none for plain SQL.
        stage: Option<Stage>,
    },
}

impl FileKind {
    /// Whether the migration runs before or after the release's code is rolled out; none for a
    /// slot, for which nothing runs.
    #[must_use]
    pub const fn deploy(self) -> Option<Deploy> {
        match self {
            Self::Stage(stage) => Some(stage.deploy()),
            Self::Sql(deploy) | Self::Rust(deploy) => Some(deploy),
            Self::Slot => None,
        }
    }

    /// The stage, if the file is one of a change.
    #[must_use]
    pub const fn stage(self) -> Option<Stage> {
        match self {
            Self::Stage(stage) => Some(stage),
            Self::Sql(_) | Self::Rust(_) | Self::Slot => None,
        }
    }
}

impl Migration {
    /// The stage, unless the migration is plain SQL.
    #[must_use]
    pub const fn stage(&self) -> Option<Stage> {
        match &self.body {
            Body::Stage { stage, .. } => Some(*stage),
            Body::Unparsed { stage } => *stage,
            Body::Sql { .. } | Body::Rust => None,
        }
    }

    /// The word for what it is: its stage, `sql` or `rust`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match (self.stage(), &self.body) {
            (Some(stage), _) => stage.as_str(),
            (None, Body::Rust) => "rust",
            (None, _) => "sql",
        }
    }

    /// Where it stands among the stages of its release: plain SQL beside the expands or backfills.
    #[must_use]
    pub fn rank(&self) -> Stage {
        match (self.stage(), self.deploy) {
            (Some(stage), _) => stage,
            (None, Deploy::Pre) => Stage::Expand,
            (None, Deploy::Post) => Stage::Backfill,
        }
    }

    /// The change, if the file was parsed and is a stage of one.
    #[must_use]
    pub const fn change(&self) -> Option<&Change> {
        match &self.body {
            Body::Stage { change, .. } => Some(change),
            Body::Unparsed { .. } | Body::Sql { .. } | Body::Rust => None,
        }
    }
}

impl Releases {
    /// The files, by release (those in `unreleased/` last), then by id.
    #[must_use]
    pub fn files(&self) -> &[MigrationFile] {
        &self.files
    }

    /// Every id that a file has.
    #[must_use]
    pub fn ids(&self) -> HashSet<u64> {
        self.files.iter().map(|file| file.id).collect()
    }

    /// Those of the files that `keep` says.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&MigrationFile) -> bool) -> Self {
        Self { files: self.files.iter().filter(|file| keep(file)).cloned().collect() }
    }
}
