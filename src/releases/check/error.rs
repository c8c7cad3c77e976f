//! Why files that are valid on their own do not fit together.

use std::path::PathBuf;

use crate::model::{ChangeKind, Release, Stage};

/// Why files that are valid on their own do not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// A file's name differs from its content.
    #[error("`{}` says `{content}` for `{key}`, but its name says `{name}`", path.display())]
    FileName {
        /// The file.
        path: PathBuf,
        /// The key in the content.
        key: &'static str,
        /// The value in the name.
        name: String,
        /// The value in the content.
        content: String,
    },
    /// Two migrations have one id.
    #[error("`{}` and `{}` have the same id `{id}`", first.display(), second.display())]
    DuplicateId {
        /// The id.
        id: u64,
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// A change has a stage twice.
    #[error("`{}` and `{}` are both stage `{stage}` of change `{change}`", first.display(), second.display())]
    DuplicateStage {
        /// The change.
        change: String,
        /// The stage.
        stage: Stage,
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// A change lacks a stage.
    #[error("change `{change}` has no stage `{stage}`, though it has `{}`", path.display())]
    MissingStage {
        /// The change.
        change: String,
        /// The stage that it lacks.
        stage: Stage,
        /// A file that it has.
        path: PathBuf,
    },
    /// A change is partly in a release.
    #[error("change `{change}` is only partly in a release: `{}` is not, `{}` is", unreleased.display(), released.display())]
    PartlyReleased {
        /// The change.
        change: String,
        /// A file in no release.
        unreleased: PathBuf,
        /// A file in a release.
        released: PathBuf,
    },
    /// A stage's release is too early for the stage before it.
    #[error(
        "stage `{stage}` of change `{change}` is in release {release} (`{}`), but its `{earlier}` is in {earlier_release} (`{}`): it must be in {}",
        path.display(),
        earlier_path.display(),
        match stage {
            Stage::Contract => format!(
                "a later release, since processes from before {earlier_release} still use what it \
                 takes away while {earlier_release} is rolled out"
            ),
            Stage::Purge => "a later release, up to which the values are kept".to_owned(),
            Stage::Expand | Stage::Backfill => "that release or a later one".to_owned(),
        }
    )]
    WrongRelease {
        /// The change.
        change: String,
        /// The stage.
        stage: Stage,
        /// Its release.
        release: Release,
        /// Its file.
        path: PathBuf,
        /// The stage before.
        earlier: Stage,
        /// The release of the stage before.
        earlier_release: Release,
        /// The file of the stage before.
        earlier_path: PathBuf,
    },
    /// Ids within a release are not in the order of the stages.
    #[error("the id of `{}` must be greater than that of `{}`, an earlier stage of change `{change}`", path.display(), earlier_path.display())]
    WrongId {
        /// The change.
        change: String,
        /// The stage whose id is too small.
        path: PathBuf,
        /// The stage before it.
        earlier_path: PathBuf,
    },
    /// The stages of a change differ in what they rename.
    #[error("the stages of change `{change}` disagree: `{}` says {first_kind:#}, `{}` says {second_kind:#}", first.display(), second.display())]
    Disagree {
        /// The change.
        change: String,
        /// One file.
        first: PathBuf,
        /// Its kind, with the column.
        first_kind: Box<ChangeKind>,
        /// The other.
        second: PathBuf,
        /// The other's kind, with the column.
        second_kind: Box<ChangeKind>,
    },
    /// Two changes work on one column at the same time.
    #[error(
        "changes `{first_change}` ({first_kind:#}, `{}`) and `{second_change}` ({second_kind:#}, `{}`) use the same column of table `{}`, and neither begins in a later release than the other's {until}",
        first.display(), second.display(), first_kind.columns().table
    )]
    Overlap {
        /// One change.
        first_change: String,
        /// Its kind, with the column.
        first_kind: Box<ChangeKind>,
        /// Its first file.
        first: PathBuf,
        /// The other change.
        second_change: String,
        /// The other's kind, with the column.
        second_kind: Box<ChangeKind>,
        /// Its first file.
        second: PathBuf,
        /// The stage up to which one of them needs the column.
        until: Stage,
    },
    /// A slot names another release than its folder.
    #[error("`{}` is a slot of {slot}, but in the folder of {folder}", path.display())]
    SlotRelease {
        /// The slot.
        path: PathBuf,
        /// The release of its folder.
        folder: Release,
        /// The release that it names.
        slot: Release,
    },
    /// A slot is in no release.
    #[error("`{}` is a slot, which belongs at the start of a release", path.display())]
    SlotUnreleased {
        /// The slot.
        path: PathBuf,
    },
    /// A slot is not at the start of its release.
    #[error(
        "the slot `{}` is not at the start of its release: the id of `{}` is smaller",
        path.display(), migration.display()
    )]
    SlotBehind {
        /// The slot.
        path: PathBuf,
        /// A migration before it.
        migration: PathBuf,
    },
    /// A slot is taken by a migration that is not there.
    #[error("the slot `{}` is taken by migration `{migration}` of {release}, but there is no such migration", path.display())]
    SlotTaken {
        /// The slot.
        path: PathBuf,
        /// The migration.
        migration: u64,
        /// The release that it should be in.
        release: Release,
    },
    /// A slot is taken by a migration that is not older than its release.
    #[error("the slot `{}` of {slot} is taken by a migration of {release}, which is not an earlier release", path.display())]
    SlotOrder {
        /// The slot.
        path: PathBuf,
        /// Its release.
        slot: Release,
        /// The release of the migration.
        release: Release,
    },
    /// Two slots are taken by one migration.
    #[error("the slots `{}` and `{}` are both taken by migration `{migration}`", first.display(), second.display())]
    SlotTwice {
        /// The migration.
        migration: u64,
        /// One slot.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
}

impl CheckError {
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Overlap { second, until, .. } => format!(
                "move the stages of the later change to releases after the other's {until}, \
                 beginning with `{}`, then run `handover check`",
                second.display()
            ),
            Self::MissingStage { stage, .. } => {
                format!("restore the file of stage `{stage}`, then run `handover check`")
            }
            Self::SlotBehind { .. } => {
                "remove the free slots of that release, then run `handover gen reserve` again"
                    .to_owned()
            }
            Self::SlotUnreleased { path } => format!(
                "remove `{}`; `handover gen reserve --release RELEASE` writes slots",
                path.display()
            ),
            _ => "correct the files, then run `handover check`".to_owned(),
        })
    }
}
