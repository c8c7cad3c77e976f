use std::path::Path;

use super::error::CliError;
use super::report::Report;
use crate::releases::{Releases, read_settings};

pub fn run(root: &Path, report: &Report) -> Result<(), CliError> {
    let settings = read_settings(root)?;
    let releases = Releases::discover(root, &settings.folders)?;
    let problems = releases.problems();
    report.checked(releases.files().len(), &problems);
    if problems.is_empty() { Ok(()) } else { Err(CliError::Problems { count: problems.len() }) }
}
