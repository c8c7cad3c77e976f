use std::fmt;

use crate::model::Release;

/// The app processes that are registered with the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fleet {
    /// Every registered process, live or not.
    pub instances: Vec<Instance>,
}

/// One registered app process; shown as `host:pid at release`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its id in the registry.
    pub id: String,
    /// The host that it runs on.
    pub host: String,
    /// Its process id there.
    pub pid: u32,
    /// The release of its code.
    pub release: Release,
    /// The epoch that it has acknowledged: nothing in it uses an earlier mapping any more.
    pub acknowledged: u64,
    /// Whether its lease has not run out.
    pub live: bool,
}

impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} at {}", self.host, self.pid, self.release)
    }
}

impl Fleet {
    /// The instances whose lease has not run out.
    pub fn live(&self) -> impl Iterator<Item = &Instance> {
        self.instances.iter().filter(|instance| instance.live)
    }

    /// The live instances that `behind` holds for.
    pub(super) fn waiting(&self, behind: impl Fn(&Instance) -> bool) -> Vec<Instance> {
        self.live().filter(|instance| behind(instance)).cloned().collect()
    }
}
