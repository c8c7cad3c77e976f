//! Whether a rollback has changed anything yet: one that is refused before has left everything as it was.

use std::sync::atomic::{AtomicBool, Ordering};

/// A migration that is being undone.
#[derive(Debug)]
pub(super) struct Undoing {
    /// Its id.
    pub id: u64,
    has_begun: AtomicBool,
}

impl Undoing {
    pub fn new(id: u64) -> Self {
        Self { id, has_begun: AtomicBool::new(false) }
    }

    /// Returns true if this run has changed something.
    pub fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::Relaxed)
    }

    /// Says that something has been changed, or may be from now on.
    pub fn begin(&self) {
        self.has_begun.store(true, Ordering::Relaxed);
    }
}
