//! `handover release notice`.

use super::{markdown, notice_json};
use crate::cli::args::{self, Cli};
use crate::cli::error::{ARGUMENT, CliError};
use crate::cli::project::{given_url, release, releases};
use crate::cli::report::Report;
use crate::database::{Access, Database};
use crate::migrator;
use crate::plan::{Notice, Sizes};
use crate::releases::read_settings;

pub async fn run(cli: &Cli, args: &args::Notice, report: &Report) -> Result<(), CliError> {
    let parse = |flag, text: &Option<String>| -> Result<_, CliError> {
        text.as_deref().map(|text| release(cli, flag, text)).transpose()
    };
    let (to, from) = (parse(ARGUMENT, &args.release)?, parse("from", &args.from)?);
    let settings = read_settings(&cli.root)?;
    let migrations = releases(cli, &settings)?.load(&|_| None)?;
    let notice = match &to {
        Some(to) => Notice::of_release(&migrations, &settings, from.as_ref(), to)?,
        None => Notice::unreleased(&migrations),
    };
    let sizes = match given_url(cli) {
        Some(url) if !notice.entries.is_empty() => Some(look(&url, &notice).await?),
        _ => None,
    };
    let notice = match &sizes {
        Some(sizes) => notice.at(sizes),
        None => notice,
    };
    report.text(&if args.json {
        notice_json::notice(&notice, sizes.as_ref(), &settings)
    } else {
        markdown::notice(&notice, sizes.as_ref(), &settings)
    });
    Ok(())
}

async fn look(url: &str, notice: &Notice<'_>) -> Result<Sizes, CliError> {
    let database = Database::connect(url, Access::Read).await?;
    let sizes = migrator::sizes(&database, &notice.migrations()).await;
    database.close().await;
    Ok(sizes.map_err(migrator::MigrateError::from)?)
}
