//! The rule that an error of the files breaks.

use std::path::Path;

use super::rule::{
    CONTRACT_TOO_EARLY, DUPLICATE_ID, DUPLICATE_STAGE, MALFORMED, MALFORMED_DUMP,
    MALFORMED_SETTINGS, MISPLACED, MISSING_STAGE, NAME_DIFFERS, OVERLAP, PARTLY_RELEASED, Rule,
    SLOT_MISPLACED, SLOT_TAKEN, STAGE_TOO_EARLY, STAGES_DISAGREE, UNREADABLE, WRONG_ORDER,
};
use crate::manifest::ManifestError;
use crate::model::Stage;
use crate::releases::ReleasesError;
use crate::releases::check::CheckError;

/// Returns the rule that an error breaks, and the file that it is about.
pub(super) fn rule_of_error(error: &ReleasesError) -> (Rule, Option<&Path>) {
    match error {
        ReleasesError::NoRelease { path, .. } | ReleasesError::Stray { path, .. } => {
            (MISPLACED, Some(path))
        }
        ReleasesError::Manifest(ManifestError::Differs { .. }) => (NAME_DIFFERS, None),
        ReleasesError::Manifest(_) | ReleasesError::Slot(_) => (MALFORMED, None),
        ReleasesError::Dump(_) => (MALFORMED_DUMP, None),
        ReleasesError::Settings(_) => (MALFORMED_SETTINGS, None),
        ReleasesError::Check(error) => of_check(error),
        ReleasesError::Read { path, .. }
        | ReleasesError::NameNotUtf8 { path }
        | ReleasesError::NotUtf8 { path } => (UNREADABLE, Some(path)),
        _ => (UNREADABLE, None),
    }
}

fn of_check(error: &CheckError) -> (Rule, Option<&Path>) {
    let (rule, path) = match error {
        CheckError::FileName { path, .. } => (NAME_DIFFERS, path),
        CheckError::DuplicateId { second, .. } => (DUPLICATE_ID, second),
        CheckError::DuplicateStage { second, .. } => (DUPLICATE_STAGE, second),
        CheckError::MissingStage { path, .. } => (MISSING_STAGE, path),
        CheckError::PartlyReleased { unreleased, .. } => (PARTLY_RELEASED, unreleased),
        CheckError::WrongRelease { stage: Stage::Contract, path, .. } => (CONTRACT_TOO_EARLY, path),
        CheckError::WrongRelease { path, .. } => (STAGE_TOO_EARLY, path),
        CheckError::WrongId { path, .. } => (WRONG_ORDER, path),
        CheckError::Disagree { second, .. } => (STAGES_DISAGREE, second),
        CheckError::Overlap { second, .. } => (OVERLAP, second),
        CheckError::SlotRelease { path, .. }
        | CheckError::SlotUnreleased { path }
        | CheckError::SlotBehind { path, .. } => (SLOT_MISPLACED, path),
        CheckError::SlotTaken { path, .. } | CheckError::SlotOrder { path, .. } => {
            (SLOT_TAKEN, path)
        }
        CheckError::SlotTwice { second, .. } => (SLOT_TAKEN, second),
    };
    (rule, Some(path))
}
