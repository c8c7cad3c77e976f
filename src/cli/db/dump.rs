//! `handover db dump`.

use std::path::{Path, PathBuf};

use crate::cli::args::{Cli, Dump};
use crate::cli::error::CliError;
use crate::cli::messages;
use crate::cli::project::{Project, known_release};
use crate::cli::report::Report;
use crate::cli::trial::Trial;
use crate::database::Access;
use crate::migrator::{dump_from_scratch, dump_schema};
use crate::releases::write_dump;

pub async fn run(cli: &Cli, args: &Dump, report: &Report) -> Result<(), CliError> {
    let dump = if args.scratch {
        let trial = Trial::read(cli)?;
        let last = match &args.release {
            Some(text) => known_release(cli, "release", text)?,
            None => trial.version.clone(),
        };
        dump_from_scratch(&trial.course(), &trial.beside, &last).await?
    } else {
        let dump = async |project: &Project| {
            Ok(dump_schema(&project.migrator(report), &project.url).await?)
        };
        Project::with(cli, None, Access::Read, dump).await?
    };
    if args.output.as_deref() == Some(Path::new("-")) {
        report.text(&dump.to_string());
        return Ok(());
    }
    let (root, file) = match &args.output {
        Some(file) => (Path::new(""), file.clone()),
        None => (cli.root.as_path(), PathBuf::from(dump.kind.dump_file())),
    };
    let changed = write_dump(root, &file, &dump).map_err(CliError::Write)?;
    report.text(&messages::db::dumped(&file, &dump, changed));
    Ok(())
}
