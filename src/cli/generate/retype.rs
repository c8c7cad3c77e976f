//! `handover gen retype`.

use super::look_ahead::look_ahead;
use super::name::name;
use super::sources::Sources;
use crate::cli::args::{Cli, GenRetype};
use crate::cli::error::CliError;
use crate::cli::project::{release, timestamp};
use crate::cli::report::Report;
use crate::generator::{RetypeRequest, generate_retype};
use crate::model::Expressions;
use crate::releases::write_all;

const EXAMPLE: &str = "handover gen retype users.age bigint";

pub async fn run(cli: &Cli, args: &GenRetype, report: &Report) -> Result<(), CliError> {
    let parse = |flag, text: &Option<String>| -> Result<_, CliError> {
        text.as_deref().map(|text| release(cli, flag, text)).transpose()
    };
    let expressions = args.using.clone().zip(args.back.clone());
    let request = RetypeRequest {
        column: name(&args.column, EXAMPLE)?,
        sql_type: args.sql_type.trim().to_owned(),
        expressions: expressions.map(|(using, back)| Expressions { using, back }),
        copy: args.copy.as_deref().map(|copy| name(copy, EXAMPLE)).transpose()?,
        release: parse("release", &args.release)?,
        contract_release: parse("contract-release", &args.contract_release)?,
        now: timestamp(),
    };
    let sources = Sources::read(cli)?;
    let generated = generate_retype(&request, &sources.context())?;
    write_all(&cli.root, &generated.files).map_err(CliError::Write)?;
    let seen = look_ahead(cli, &generated.change, report).await;
    report.generated(&generated, &seen, request.release.as_ref());
    Ok(())
}
