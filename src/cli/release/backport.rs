//! `handover release backport`.

use std::fmt::Write as _;

use crate::cli::args::{self, Cli};
use crate::cli::error::CliError;
use crate::cli::project::known_release;
use crate::cli::report::Report;
use crate::releases::{Backport, BackportRequest, Releases, read_settings};

pub fn run(cli: &Cli, args: &args::Backport, report: &Report) -> Result<(), CliError> {
    let contract = args.contract_release.as_deref();
    let request = BackportRequest {
        what: args.what.clone(),
        to: known_release(cli, "to", &args.to)?,
        contract_release: contract
            .map(|text| known_release(cli, "contract-release", text))
            .transpose()?,
    };
    let settings = read_settings(&cli.root)?;
    let (root, folders) = (cli.root.as_path(), &settings.folders);
    let releases = Releases::discover(root, folders)?.in_scheme(settings.scheme)?;
    let backport = releases.backport(folders, &request)?;
    backport.changes.apply(root).map_err(CliError::Write)?;
    report.text(&words(&backport, &request));
    if !backport.moved.is_empty() {
        report.next(format_args!(
            "git add --all {}, then handover check",
            folders.releases.display()
        ));
    }
    Ok(())
}

/// Describes the moves, and how the files come to the branch of the older line.
fn words(backport: &Backport, request: &BackportRequest) -> String {
    let mut text = String::new();
    let mut folders = Vec::new();
    for moved in &backport.moved {
        let _ = writeln!(text, "moved {}\n   to {}", moved.from.display(), moved.to.display());
        if let Some(slot) = &moved.slot {
            let _ = writeln!(text, " took {}", slot.display());
        }
        let folder = moved.to.parent().unwrap_or(&moved.to).display().to_string();
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    if backport.moved.is_empty() {
        let _ = writeln!(text, "`{}` is in {} already", request.what, request.to);
    } else {
        let _ = writeln!(
            text,
            "\nOn the branch of the older line, take the files as they are, with their ids:\n  \
             git checkout BRANCH_OF_THIS_COMMIT -- {}\n",
            folders.join(" ")
        );
    }
    text
}
