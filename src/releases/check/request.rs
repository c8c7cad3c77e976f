use super::label::{self, Label};
use super::{Finding, Words, after, age, late, recorded, statement, stop, target, touch};
use crate::manifest::{SchemaDump, Settings};
use crate::model::Release;
use crate::releases::{Migration, Releases};

/// What the migrations are checked against.
#[derive(Debug, Clone)]
pub struct Checks<'a> {
    /// The time now in UTC, `YYYYMMDDHHMMSS`.
    pub now: u64,
    /// The project's settings.
    pub settings: &'a Settings,
    /// The app's release, where it is known.
    pub version: Option<&'a Release>,
    /// The release that is to come next, if that was said: what is in it counts as not yet released.
    pub target: Option<&'a Release>,
    /// The project's schema dumps.
    pub dumps: &'a [SchemaDump],
}

/// What the check found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// The labels that apply to what is not yet released.
    pub labels: Vec<Label>,
    /// The names that the code should no longer use.
    pub words: Words,
}

impl Checks<'_> {
    /// Whether a migration has yet to be released.
    pub(super) fn is_open(&self, migration: &Migration) -> bool {
        match (&migration.release, self.target) {
            (None, _) => true,
            (Some(release), Some(target)) => release.gating() == target.gating(),
            (Some(_), None) => false,
        }
    }

    /// The release that the code has reached.
    pub(super) fn reached(&self) -> Option<&Release> {
        self.target.or(self.version)
    }
}

impl Releases {
    /// Checks all that can be known without a database: the files by themselves, as
    /// [`problems`](Self::problems) does, and against time, releases and schema dumps.
    #[must_use]
    pub fn check(&self, checks: &Checks<'_>) -> Checked {
        let (migrations, problems) = self.understand();
        let mut findings: Vec<Finding> = problems.iter().map(Finding::of_error).collect();
        findings.extend(age::findings(&migrations, checks));
        findings.extend(target::findings(&migrations, checks));
        findings.extend(after::findings(&migrations));
        findings.extend(touch::findings(&migrations, checks));
        findings.extend(statement::findings(&migrations, checks));
        findings.extend(stop::findings(&migrations, checks));
        findings.extend(recorded::findings(&self.files, checks));
        let (slots, _) = self.read_slots();
        let slots = slots.iter().map(|(_, slot)| slot);
        findings.extend(late::findings(&self.files, slots, checks));
        Checked {
            findings,
            labels: label::labels(&migrations, checks),
            words: Words::new(&migrations, checks.reached()),
        }
    }
}
