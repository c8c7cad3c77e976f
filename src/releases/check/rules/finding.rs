//! What a rule finds: the problem, the next thing to do, and the place.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::rule::Rule;
use super::rule_of_error::rule_of_error;
use crate::manifest::Location;
use crate::releases::ReleasesError;

/// Something that `handover check` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule that is broken.
    #[serde(flatten)]
    pub rule: Rule,
    /// The problem, in one sentence.
    pub message: String,
    /// The one thing to do next.
    pub hint: Option<String>,
    /// The file, relative to the project's root.
    pub path: Option<PathBuf>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column, from 1.
    pub column: Option<u64>,
}

impl Finding {
    pub(super) fn new(rule: Rule, path: &Path, message: String, hint: String) -> Self {
        Self {
            rule,
            message,
            hint: Some(hint),
            path: Some(path.to_owned()),
            line: None,
            column: None,
        }
    }

    /// Creates the finding for a file that cannot be read, or does not fit with the others.
    #[must_use]
    pub fn of_error(error: &ReleasesError) -> Self {
        let (rule, path) = rule_of_error(error);
        let location = match error {
            ReleasesError::Manifest(error) => Some(error.location()),
            ReleasesError::Slot(error) => Some(error.location()),
            ReleasesError::Settings(error) => Some(error.location()),
            ReleasesError::Dump(error) => Some(&error.location),
            _ => None,
        };
        let finding = Self {
            rule,
            message: error.to_string(),
            hint: error.hint(),
            path: path.map(Path::to_owned),
            line: None,
            column: None,
        };
        location.into_iter().fold(finding, Self::at)
    }

    fn at(self, location: &Location) -> Self {
        let (line, column) = location.position.unzip();
        Self { path: Some(location.file.clone()), line, column, ..self }
    }
}
