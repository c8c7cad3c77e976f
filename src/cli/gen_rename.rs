use std::path::Path;

use super::args::GenRename;
use super::error::CliError;
use super::project::{release, timestamp};
use super::report::Report;
use crate::generator::{Context, RenameRequest, Templates, generate_rename};
use crate::model::Identifier;
use crate::releases::{Releases, read_settings, write_all};

pub fn run(root: &Path, args: &GenRename, report: &Report) -> Result<(), CliError> {
    let parse = |flag, text: &Option<String>| -> Result<_, CliError> {
        text.as_deref().map(|text| release(flag, text)).transpose()
    };
    let request = RenameRequest {
        column: args.column.parse()?,
        to: args.to.parse::<Identifier>()?,
        release: parse("release", &args.release)?,
        contract_release: parse("contract-release", &args.contract_release)?,
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
    let generated = generate_rename(&request, &context)?;
    write_all(root, &generated.files).map_err(CliError::Write)?;
    report.generated(&generated, request.release.as_ref());
    Ok(())
}
