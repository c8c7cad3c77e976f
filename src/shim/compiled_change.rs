//! A change that the program was compiled with.

use crate::model::{ChangeKind, ChangeName, Release};

/// A rename that the program was compiled with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Compiled {
    pub name: ChangeName,
    pub kind: ChangeKind,
    /// The first release whose code uses the name `to`. `None` while the rename is unreleased.
    pub expand_release: Option<Release>,
}
