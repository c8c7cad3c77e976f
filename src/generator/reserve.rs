//! Generates slots at the start of a release.

use std::path::PathBuf;

use super::{Context, GeneratorError};
use crate::manifest::Slot;
use crate::model::Release;
use crate::releases::{FileKind, file_name};

/// Slots to be reserved at the start of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReserveRequest {
    /// The release.
    pub release: Release,
    /// The number of slots.
    pub count: usize,
    /// The time now, `YYYYMMDDHHMMSS`: if no migration comes earlier, the slots get the ids just
    /// before it.
    pub now: u64,
}

/// Generates slots at the start of a release. Returns the path of each file, relative to the
/// project's root, and its text. Their ids are smaller than those of the release's migrations, and
/// of the unreleased migrations, which may still get into the release.
///
/// # Errors
/// There are not that many free ids.
pub fn reserve(
    request: &ReserveRequest,
    context: &Context<'_>,
) -> Result<Vec<(PathBuf, String)>, GeneratorError> {
    let ReserveRequest { release, count, now } = request;
    let near = context
        .migrations
        .iter()
        .filter(|other| other.release.as_ref().is_none_or(|at| at == release));
    let first = near.min_by_key(|other| other.id);
    let below = first.map_or(*now, |first| first.id.min(*now));
    let mut ids: Vec<u64> =
        (1..below).rev().filter(|id| !context.ids.contains(id)).take(*count).collect();
    if ids.len() < *count {
        return Err(GeneratorError::NoRoom {
            release: release.clone(),
            count: *count,
            free: ids.len(),
            path: first.map(|first| first.path.clone()),
        });
    }
    ids.reverse();
    let folder = context.folder(Some(release));
    Ok(ids
        .into_iter()
        .map(|id| {
            let slot = Slot { id, release: release.clone(), taken_by: None };
            (folder.join(file_name(id, "reserved", FileKind::Slot)), slot.render())
        })
        .collect())
}
