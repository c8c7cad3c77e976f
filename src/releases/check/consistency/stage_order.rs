//! The stages of a change are in releases, and have ids, in their order.

use crate::model::Stage;
use crate::releases::Migration;
use crate::releases::check::CheckError;

/// Compares a stage with the one before it.
pub(super) fn order(
    change: String,
    (earlier, before): (Stage, &Migration),
    (stage, after): (Stage, &Migration),
) -> Option<CheckError> {
    if let (Some(earlier_release), Some(release)) = (&before.release, &after.release) {
        let (least, this) = (earlier_release.gating(), release.gating());
        // Of a contract that has run, the kind is not known, and nothing is left to refuse.
        let may_join =
            after.change().is_none_or(|change| change.course().contract_may_join(release));
        let is_later = stage == Stage::Purge || stage == Stage::Contract && !may_join;
        if this < least || (is_later && this == least) {
            return Some(CheckError::WrongRelease {
                change,
                stage,
                release: release.clone(),
                path: after.path.clone(),
                earlier,
                earlier_release: earlier_release.clone(),
                earlier_path: before.path.clone(),
            });
        }
    }
    (before.release == after.release && after.id <= before.id).then(|| CheckError::WrongId {
        change,
        path: after.path.clone(),
        earlier_path: before.path.clone(),
    })
}
