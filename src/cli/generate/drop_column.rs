//! `handover gen drop`.

use super::look_ahead::look_ahead;
use super::name::name;
use super::sources::Sources;
use crate::cli::args::{Cli, GenDrop};
use crate::cli::error::CliError;
use crate::cli::project::{release, timestamp};
use crate::cli::report::Report;
use crate::generator::{DropRequest, generate_drop};
use crate::releases::write_all;

const EXAMPLE: &str = "handover gen drop users.nickname";

pub async fn run(cli: &Cli, args: &GenDrop, report: &Report) -> Result<(), CliError> {
    let parse = |flag, text: &Option<String>| -> Result<_, CliError> {
        text.as_deref().map(|text| release(cli, flag, text)).transpose()
    };
    let request = DropRequest {
        column: name(&args.column, EXAMPLE)?,
        release: parse("release", &args.release)?,
        contract_release: parse("contract-release", &args.contract_release)?,
        keep_until: parse("keep-until", &args.keep_until)?,
        now: timestamp(),
    };
    let sources = Sources::read(cli)?;
    let generated = generate_drop(&request, &sources.context())?;
    write_all(&cli.root, &generated.files).map_err(CliError::Write)?;
    let seen = look_ahead(cli, &generated.change, report).await;
    report.generated(&generated, &seen, request.release.as_ref());
    Ok(())
}
