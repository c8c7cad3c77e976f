//! The file of a migration, as its name and folder describe it.

use std::borrow::Cow;
use std::path::PathBuf;

use crate::manifest::Checksum;
use crate::model::{Deploy, Release, Stage};

/// One file, as its name and folder describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationFile {
    /// The digits that the file name begins with.
    pub id: u64,
    /// The change's id, or the name of a plain SQL migration.
    pub slug: String,
    /// Its kind, by the ending of its name.
    pub kind: FileKind,
    /// The release of its folder; `None` in `unreleased/`.
    pub release: Option<Release>,
    /// The file, relative to the project's root.
    pub path: PathBuf,
    /// The checksum of its bytes.
    pub checksum: Checksum,
    /// Its text.
    pub text: Cow<'static, str>,
}

/// The kind of a migration file, by the ending of its name.
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

impl FileKind {
    /// The time at which the migration runs: before or after the release's code is rolled out. `None`
    /// for a slot, for which nothing runs.
    #[must_use]
    pub const fn deploy(self) -> Option<Deploy> {
        match self {
            Self::Stage(stage) => Some(stage.deploy()),
            Self::Sql(deploy) | Self::Rust(deploy) => Some(deploy),
            Self::Slot => None,
        }
    }

    /// The stage; `None` unless the file is a stage of a change.
    #[must_use]
    pub const fn stage(self) -> Option<Stage> {
        match self {
            Self::Stage(stage) => Some(stage),
            Self::Sql(_) | Self::Rust(_) | Self::Slot => None,
        }
    }
}
