//! The contents of `handover.yml` before they are checked.

use serde::Deserialize;
use serde_yaml::Spanned;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Raw {
    pub(super) app: Option<Spanned<String>>,
    pub(super) folders: RawFolders,
    pub(super) lock: RawLock,
    pub(super) backfill: RawBackfill,
    pub(super) release: RawRelease,
    pub(super) acknowledgement_patience: Option<Spanned<String>>,
    pub(super) required_stops: Vec<Spanned<String>>,
    pub(super) minimum_version: Option<Spanned<String>>,
    pub(super) upgrade_budget: Option<Spanned<String>>,
    pub(super) allow: Vec<String>,
    pub(super) rehearse: RawRehearse,
    pub(super) check: RawCheck,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawRelease {
    pub(super) scheme: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawRehearse {
    pub(super) prepare: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawCheck {
    pub(super) max_age: Option<Spanned<String>>,
    pub(super) code: Option<Vec<Spanned<String>>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawFolders {
    pub(super) unreleased: Option<Spanned<String>>,
    pub(super) releases: Option<Spanned<String>>,
    pub(super) templates: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawLock {
    pub(super) timeout: Option<Spanned<String>>,
    pub(super) patience: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawBackfill {
    pub(super) batch_size: Option<Spanned<u32>>,
    pub(super) target_batch_time: Option<Spanned<String>>,
    pub(super) pause: Option<Spanned<String>>,
    pub(super) workers: Option<Spanned<u32>>,
    pub(super) max_replica_lag: Option<Spanned<String>>,
    pub(super) health_query: Option<Spanned<String>>,
}
