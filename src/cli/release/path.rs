//! `handover release path`.

use super::upgrade_steps;
use crate::cli::args::{self, Cli};
use crate::cli::error::CliError;
use crate::cli::project::{known_release, releases};
use crate::cli::report::Report;
use crate::plan::upgrade;
use crate::releases::{path, read_settings};

pub fn run(cli: &Cli, args: &args::Path, report: &Report) -> Result<(), CliError> {
    let (from, to) = (known_release(cli, "from", &args.from)?, known_release(cli, "to", &args.to)?);
    let settings = read_settings(&cli.root)?;
    let migrations = releases(cli, &settings)?.load(&|_| None)?;
    let path = path(&migrations, &settings, &from, &to)?;
    let legs = upgrade(&migrations, Some(&from), path);
    report.text(&if args.json {
        upgrade_steps::json(&from, &to, &legs)
    } else {
        upgrade_steps::text(&from, &legs)
    });
    Ok(())
}
