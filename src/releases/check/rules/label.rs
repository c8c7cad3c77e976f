//! The labels for a merge request: what its unreleased migrations mean for a release.

use serde::Serialize;

use super::Checks;
use crate::model::Stage;
use crate::releases::{Body, Migration, slow_statements};

/// A label for a merge request or a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Its name.
    pub name: &'static str,
    /// The reason, in one sentence.
    pub because: String,
}

/// The labels that apply to the unreleased migrations.
pub(super) fn labels(migrations: &[Migration], checks: &Checks<'_>) -> Vec<Label> {
    let open: Vec<_> = migrations.iter().filter(|migration| checks.is_open(migration)).collect();
    let mut labels = Vec::new();
    if let Some(first) = open.first() {
        let because = format!("`{}` is not yet released", first.path.display());
        labels.push(Label { name: "database-changes", because });
    }
    let slow = open.iter().find_map(|migration| match &migration.body {
        Body::Sql { text } => Some((migration, slow_statements::reason(text, migration.deploy)?)),
        _ => None,
    });
    if let Some((migration, reason)) = slow {
        let because = format!("`{}` {reason}", migration.path.display());
        labels.push(Label { name: "needs-downtime", because });
    }
    if let Some(last) = open.iter().find(|at| is_before_contract(at)) {
        let because = format!(
            "the release of `{}`, or a later one before its contract, cannot be skipped",
            last.path.display()
        );
        labels.push(Label { name: "required-stop", because });
    }
    labels
}

/// Returns true for the last stage of a change before its contract.
fn is_before_contract(migration: &Migration) -> bool {
    let last = migration.course().previous(Stage::Contract);
    last.is_some() && migration.stage() == last
}
