//! What a run is asked for, and what came of it.

use std::time::Duration;

use crate::model::{Change, Release, Stage};
use crate::plan::{Later, Phase, Refusal};

/// What one run is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The app's release.
    pub version: Release,
    /// Which migrations.
    pub phase: Phase,
    /// The user declares that no app process is running.
    pub offline: bool,
    /// Take the migrations in `unreleased/` along.
    pub allow_unreleased: bool,
    /// How long to wait for a gate that may open by itself.
    pub wait: Duration,
    /// The objects that the user has looked at, and declares to be no obstacle.
    pub allowed: Vec<String>,
}

/// What a run did, and what it did not and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The migrations that were finished, in order.
    pub done: Vec<Done>,
    /// The gates that said no.
    pub refused: Vec<Refusal>,
    /// What has its time later.
    pub later: Vec<Later>,
}

/// A migration that was finished or undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The change, or the name of a plain SQL migration.
    pub name: String,
    /// The change; none for plain SQL.
    pub change: Option<Change>,
    /// The stage; none for plain SQL.
    pub stage: Option<Stage>,
    /// Its release.
    pub release: Release,
    /// How long it took in this run.
    pub took: Duration,
}
