//! `handover gen rename`.

use super::look_ahead::look_ahead;
use super::name::name;
use super::sources::Sources;
use crate::cli::args::{Cli, GenRename};
use crate::cli::error::CliError;
use crate::cli::project::{release, timestamp};
use crate::cli::report::Report;
use crate::generator::{RenameRequest, generate_rename};
use crate::releases::ChangeSet;

const EXAMPLE: &str = "handover gen rename users.username handle";

pub async fn run(cli: &Cli, args: &GenRename, report: &Report) -> Result<(), CliError> {
    let parse = |flag, text: &Option<String>| -> Result<_, CliError> {
        text.as_deref().map(|text| release(cli, flag, text)).transpose()
    };
    let request = RenameRequest {
        column: name(&args.column, EXAMPLE)?,
        to: name(&args.to, EXAMPLE)?,
        release: parse("release", &args.release)?,
        contract_release: parse("contract-release", &args.contract_release)?,
        in_place: args.in_place,
        now: timestamp(),
    };
    let sources = Sources::read(cli)?;
    let generated = generate_rename(&request, &sources.context())?;
    let files = ChangeSet {
        creates: generated.files.clone(),
        removals: generated.replaced.clone(),
        ..ChangeSet::default()
    };
    files.apply(&cli.root).map_err(CliError::Write)?;
    let seen = look_ahead(cli, &generated.change, report).await;
    report.generated(&generated, &seen, request.release.as_ref());
    Ok(())
}
