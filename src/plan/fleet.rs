//! The app processes, as far as a plan depends on them.

use crate::model::{AppName, Instance, Release, Session};

/// The processes that are registered with the database, of all its apps.
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

    /// The live instances of one app. Only they have its releases: what waits for a release waits for them.
    pub fn live_of(&self, app: Option<&AppName>) -> impl Iterator<Item = &Instance> {
        self.live().filter(move |instance| instance.app.as_ref() == app)
    }

    /// The live instances of one app that have not reached a release.
    pub(super) fn behind(&self, app: Option<&AppName>, release: &Release) -> Vec<Instance> {
        let behind = |own: &&Instance| !own.release.has_reached(release);
        self.live_of(app).filter(behind).cloned().collect()
    }

    /// The live instances, of any app, for which `behind` returns true.
    pub(super) fn waiting(&self, behind: impl Fn(&Instance) -> bool) -> Vec<Instance> {
        self.live().filter(|instance| behind(instance)).cloned().collect()
    }
}
