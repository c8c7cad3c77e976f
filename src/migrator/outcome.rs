//! The options of a run, and its outcome.

use std::time::Duration;

use crate::model::{Change, Release, Stage};
use crate::plan::{Later, Phase, Refusal};

/// The options of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The app's release.
    pub version: Release,
    /// The migrations to run.
    pub phase: Phase,
    /// The user declares that no app process is running.
    pub offline: bool,
    /// True to run the migrations in `unreleased/`, too.
    pub allow_unreleased: bool,
    /// How long to wait for a gate that may open by itself.
    pub wait: Duration,
    /// The objects that the user has looked at, and declares to be no obstacle.
    pub allowed: Vec<String>,
    /// The time, as `YYYYMMDDHHMMSS`, from which the app's own migrations of sea-orm-migration do not
    /// run yet; `None` to run all of them.
    pub orm_before: Option<u64>,
}

/// The result of a run: what was done, and what was not and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The migrations that were finished, in order.
    pub done: Vec<Done>,
    /// The gates that refused.
    pub refused: Vec<Refusal>,
    /// The migrations whose time is later.
    pub later: Vec<Later>,
}

/// A migration that was finished or undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The change, or the name of a plain SQL migration.
    pub name: String,
    /// The change; `None` for plain SQL.
    pub change: Option<Change>,
    /// The stage; `None` for plain SQL.
    pub stage: Option<Stage>,
    /// Its release.
    pub release: Release,
    /// How long it took in this run.
    pub took: Duration,
}
