//! What all mappings of a process share, one after the other.

use std::sync::Arc;

use super::dropped_uses::DroppedUses;
use super::shared_sessions::SharedSessions;

#[derive(Debug, Clone, Default)]
pub(super) struct ProcessWide {
    /// Where each statement is noted that names a column about to be dropped.
    pub dropped_uses: Arc<DroppedUses>,
    pub sessions: Arc<SharedSessions>,
}
