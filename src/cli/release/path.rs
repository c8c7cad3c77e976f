use std::path::Path;

use super::legs;
use crate::cli::args;
use crate::cli::error::CliError;
use crate::cli::project::release;
use crate::cli::report::Report;
use crate::plan::upgrade;
use crate::releases::{Releases, path, read_settings};

pub fn run(root: &Path, args: &args::Path, report: &Report) -> Result<(), CliError> {
    let (from, to) = (release("from", &args.from)?, release("to", &args.to)?);
    let settings = read_settings(root)?;
    let migrations = Releases::discover(root, &settings.folders)?.load(&|_| None)?;
    let path = path(&migrations, &settings, &from, &to)?;
    let legs = upgrade(&migrations, Some(&from), path);
    report.text(&if args.json { legs::json(&from, &to, &legs) } else { legs::text(&from, &legs) });
    Ok(())
}
