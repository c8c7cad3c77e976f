//! Applies every rule to a project.

use super::label::{self, Label};
use super::{
    Checks, Finding, Words, after_entry, ahead_of_target, late_migration, no_statement,
    recorded_in_dump, required_stops, sql_during_rename, timestamps,
};
use crate::releases::Releases;

/// The result of the check.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The problems.
    pub findings: Vec<Finding>,
    /// The labels that apply to the unreleased migrations.
    pub labels: Vec<Label>,
    /// The names that the code should no longer use.
    pub words: Words,
}

impl Releases {
    /// Checks all that can be known without a database: the files by themselves, as
    /// [`problems`](Self::problems) does, and then against time, releases and schema dumps.
    #[must_use]
    pub fn check(&self, checks: &Checks<'_>) -> Checked {
        let (migrations, problems) = self.understand();
        let mut findings: Vec<Finding> = problems.iter().map(Finding::of_error).collect();
        findings.extend(timestamps::findings(&migrations, checks));
        findings.extend(ahead_of_target::findings(&migrations, checks));
        findings.extend(after_entry::findings(&migrations));
        findings.extend(sql_during_rename::findings(&migrations, checks));
        findings.extend(no_statement::findings(&migrations, checks));
        findings.extend(required_stops::findings(&migrations, checks));
        findings.extend(recorded_in_dump::findings(&self.files, checks));
        let (slots, _) = self.read_slots();
        let slots = slots.iter().map(|(_, slot)| slot);
        findings.extend(late_migration::findings(&self.files, slots, checks));
        Checked {
            findings,
            labels: label::labels(&migrations, checks),
            words: Words::new(&migrations, checks.reached()),
        }
    }
}
