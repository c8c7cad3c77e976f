//! `handover db load`.

use std::path::{Path, PathBuf};

use crate::cli::args::{Cli, Load};
use crate::cli::error::CliError;
use crate::cli::messages;
use crate::cli::project::{Project, releases, url};
use crate::cli::report::Report;
use crate::database::{Access, Dialect};
use crate::manifest::DatabaseKind;
use crate::migrator::{check_dump, load_schema};
use crate::releases::{read_dump, read_settings};

pub async fn run(cli: &Cli, args: &Load, report: &Report) -> Result<(), CliError> {
    let settings = read_settings(&cli.root)?;
    let releases = releases(cli, &settings)?;
    // A URL that is not valid is reported when it is used.
    let kind = Dialect::of_url(&url(cli)).map_or(DatabaseKind::Sqlite, Dialect::kind);
    let dump = match &args.file {
        Some(file) => read_dump(Path::new(""), file)?,
        None => read_dump(&cli.root, &PathBuf::from(kind.dump_file()))?,
    };
    // Checked before the database is opened: that would create an SQLite file.
    check_dump(&dump, kind, &releases, settings.minimum_version.as_ref())?;
    Project::with(cli, None, Access::Write, async |project| {
        Ok(load_schema(&project.migrator(report), &dump).await?)
    })
    .await?;
    report.text(&messages::db::loaded(&dump));
    report.next("handover db plan");
    Ok(())
}
