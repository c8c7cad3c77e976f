//! What `handover check` has found, before it is printed in one of the formats.

use crate::releases::{Finding, Label};

/// The result of checking the files of a project.
#[derive(Default)]
pub struct Found {
    pub files: usize,
    pub findings: Vec<Finding>,
    pub labels: Vec<Label>,
}
