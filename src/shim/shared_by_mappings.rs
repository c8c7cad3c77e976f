//! What all mappings of a process share, one after the other.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use super::dropped_uses::DroppedUses;
use super::shared_sessions::SharedSessions;
use crate::database::Dialect;
use crate::fleet::Observation;
use crate::model::{ChangeName, State};

#[derive(Debug, Clone, Default)]
pub(super) struct ProcessWide {
    /// Where each statement is noted that names a column about to be dropped.
    pub dropped_uses: Arc<DroppedUses>,
    pub sessions: Arc<SharedSessions>,
    /// The changes of a type that PostgreSQL had made at once before the process sent its first statement.
    pub at_start: Arc<OnceLock<HashSet<ChangeName>>>,
}

impl ProcessWide {
    /// Notes the types that PostgreSQL has changed at once since the process began: it does not run a
    /// statement again that was prepared before, so each statement gets another text. Returns true if one is
    /// about to be changed: then each statement is kept, to be sent again.
    pub fn note_types(&self, dialect: Dialect, observed: &Observation) -> bool {
        if dialect != Dialect::Postgres {
            return false;
        }
        let at_once = || {
            let is_at_once = |conversion: &crate::model::Conversion| conversion.at_once;
            let changes = observed.changes.iter();
            changes.filter(move |own| own.conversion.as_ref().is_some_and(is_at_once))
        };
        let done = at_once().filter(|own| own.state == State::Contracted);
        let done: HashSet<ChangeName> = done.map(|own| own.name.clone()).collect();
        if !done.is_subset(self.at_start.get_or_init(|| done.clone())) {
            self.sessions.set_types_changed();
        }
        at_once().any(|own| own.state == State::Pending)
    }
}
