use std::path::Path;

use super::args::GenSql;
use super::error::CliError;
use super::project::{release, timestamp};
use super::report::Report;
use crate::generator::{Context, SqlRequest, Templates, generate_sql};
use crate::model::Deploy;
use crate::releases::{Releases, read_settings, write_all};

pub fn run(root: &Path, args: &GenSql, report: &Report) -> Result<(), CliError> {
    let request = SqlRequest {
        name: args.name.clone(),
        deploy: if args.post { Deploy::Post } else { Deploy::Pre },
        release: args.release.as_deref().map(|text| release("release", text)).transpose()?,
        now: timestamp(),
    };
    let settings = read_settings(root)?;
    let releases = Releases::discover(root, &settings.folders)?;
    let context = Context {
        folders: &settings.folders,
        migrations: &releases.load(&|_| None)?,
        ids: &releases.ids(),
        templates: &Templates::of_project(root, &settings.folders)?,
    };
    let file = generate_sql(&request, &context)?;
    let written = [file];
    write_all(root, &written).map_err(CliError::Write)?;
    let [(path, _)] = written;
    report.wrote(std::slice::from_ref(&path));
    report.next(format_args!("write its statements into {}, then handover check", path.display()));
    Ok(())
}
