//! The app processes, as far as a plan depends on them.

use crate::model::{Instance, Session};

/// The app processes that are registered with the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fleet {
    /// Every registered process, live or not.
    pub instances: Vec<Instance>,
    /// Sessions of the database that none of them accounts for, while its first change is under way.
    pub unaccounted: Vec<Session>,
}

impl Fleet {
    /// The instances whose lease has not expired.
    pub fn live(&self) -> impl Iterator<Item = &Instance> {
        self.instances.iter().filter(|instance| instance.live)
    }

    /// The live instances for which `behind` returns true.
    pub(super) fn waiting(&self, behind: impl Fn(&Instance) -> bool) -> Vec<Instance> {
        self.live().filter(|instance| behind(instance)).cloned().collect()
    }
}
