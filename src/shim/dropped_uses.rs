//! The columns about to be dropped that this process has named in a statement.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::model::ChangeName;

/// The changes whose column a statement has named, since the process began.
#[derive(Debug, Default)]
pub(super) struct DroppedUses(Mutex<BTreeMap<ChangeName, Use>>);

#[derive(Debug)]
struct Use {
    /// The first such statement, without its literals.
    statement: String,
    /// True if the database has it.
    is_recorded: bool,
}

impl DroppedUses {
    /// Notes that a statement, of which `statement` gives the text without its literals, names the
    /// columns that these changes are about to drop.
    pub fn note(&self, changes: &[ChangeName], statement: impl Fn() -> String) {
        if changes.is_empty() {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            let new = || Use { statement: statement(), is_recorded: false };
            all.entry(change.clone()).or_insert_with(new);
        }
    }

    /// Returns what the database does not have yet: each change with a statement.
    pub fn unrecorded(&self) -> Vec<(ChangeName, String)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = all.iter().filter(|(_, own)| !own.is_recorded);
        new.map(|(change, own)| (change.clone(), own.statement.clone())).collect()
    }

    /// Notes that the database has these.
    pub fn set_recorded(&self, changes: &[(ChangeName, String)]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (change, _) in changes {
            if let Some(own) = all.get_mut(change) {
                own.is_recorded = true;
            }
        }
    }
}
