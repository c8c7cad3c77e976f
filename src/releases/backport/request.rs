//! What is asked of a backport.

use crate::model::Release;

/// A migration that is to move to an older line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackportRequest {
    /// The id of a plain SQL migration, or the name of one or of a change.
    pub what: String,
    /// The release that it moves to.
    pub to: Release,
    /// The release of a change's contract; by default the next release.
    pub contract_release: Option<Release>,
}
