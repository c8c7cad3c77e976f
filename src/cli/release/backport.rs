use std::fmt::Write as _;
use std::path::Path;

use crate::cli::args;
use crate::cli::error::CliError;
use crate::cli::project::release;
use crate::cli::report::Report;
use crate::releases::{Backport, BackportRequest, Releases, read_settings};

pub fn run(root: &Path, args: &args::Backport, report: &Report) -> Result<(), CliError> {
    let contract = args.contract_release.as_deref();
    let request = BackportRequest {
        what: args.what.clone(),
        to: release("to", &args.to)?,
        contract_release: contract.map(|text| release("contract-release", text)).transpose()?,
    };
    let folders = read_settings(root)?.folders;
    let backport = Releases::discover(root, &folders)?.backport(&folders, &request)?;
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
