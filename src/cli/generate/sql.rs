//! `handover gen sql`.

use super::sources::Sources;
use crate::cli::args::{Cli, GenSql};
use crate::cli::error::CliError;
use crate::cli::project::{release, timestamp};
use crate::cli::report::Report;
use crate::generator::{SqlRequest, generate_sql};
use crate::model::Deploy;
use crate::releases::write_all;

pub fn run(cli: &Cli, args: &GenSql, report: &Report) -> Result<(), CliError> {
    let request = SqlRequest {
        name: args.name.clone(),
        deploy: if args.post { Deploy::Post } else { Deploy::Pre },
        release: args.release.as_deref().map(|text| release(cli, "release", text)).transpose()?,
        now: timestamp(),
    };
    let sources = Sources::read(cli)?;
    let file = generate_sql(&request, &sources.context())?;
    let written = [file];
    write_all(&cli.root, &written).map_err(CliError::Write)?;
    let [(path, _)] = written;
    report.wrote(std::slice::from_ref(&path));
    report.next(format_args!("write its statements into {}, then handover check", path.display()));
    Ok(())
}
