use std::path::{Path, PathBuf};

use super::args::{Cli, Dump};
use super::error::CliError;
use super::project::Project;
use super::report::Report;
use super::words;
use crate::database::Access;
use crate::migrator::dump_schema;
use crate::releases::write_dump;

pub async fn run(cli: &Cli, args: &Dump, report: &Report) -> Result<(), CliError> {
    let dump = Project::with(cli, None, Access::Read, async |project| {
        Ok(dump_schema(&project.migrator(report), &project.url).await?)
    })
    .await?;
    if args.output.as_deref() == Some(Path::new("-")) {
        report.text(&dump.to_string());
        return Ok(());
    }
    let (root, file) = match &args.output {
        Some(file) => (Path::new(""), file.clone()),
        None => (cli.root.as_path(), PathBuf::from(dump.kind.dump_file())),
    };
    let changed = write_dump(root, &file, &dump).map_err(CliError::Write)?;
    report.text(&words::dumped(&file, &dump, changed));
    Ok(())
}
