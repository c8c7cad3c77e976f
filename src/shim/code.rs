//! What the code of this process is, as far as a change of a column depends on it.

use super::compiled_change::Compiled;
use crate::model::{AppName, ChangeName, ChangeRecord, Release};

/// The code of this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    /// The app that it belongs to; `None` for one without a name.
    pub app: Option<AppName>,
    /// Its release.
    pub release: Release,
    /// The changes of other apps that it has followed.
    pub followed: Vec<ChangeName>,
    /// The changes of its own app that it was compiled with.
    pub compiled: Vec<Compiled>,
}

impl Code {
    /// The code of a release of an app without a name and without changes.
    #[cfg(test)]
    pub const fn of(release: Release) -> Self {
        Self { app: None, release, followed: Vec::new(), compiled: Vec::new() }
    }

    /// Returns true if the code is written for the time after a change: it says the new name, has the new
    /// type, or does without the column. The releases of another app say nothing about that, so this process
    /// has to declare which of its changes the code has followed.
    pub fn is_past(&self, change: &ChangeRecord) -> bool {
        if change.app == self.app {
            self.release.has_reached(&change.expand_release)
        } else {
            self.followed.contains(&change.name)
        }
    }

    /// Returns true if the code has reached a release of its own app; unreleased changes are in the code.
    pub fn has_reached(&self, release: Option<&Release>) -> bool {
        release.is_none_or(|own| self.release.has_reached(own))
    }
}
