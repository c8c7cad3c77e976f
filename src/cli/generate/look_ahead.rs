//! What the database already says against a change that is being generated.

use crate::cli::args::Cli;
use crate::cli::project::{Project, given_url};
use crate::cli::report::Report;
use crate::database::Access;
use crate::model::Change;

/// Looks at the database, if one was given and can be reached: a developer often has none at hand.
pub async fn look_ahead(cli: &Cli, change: &Change, report: &Report) -> Vec<String> {
    if given_url(cli).is_none() {
        return Vec::new();
    }
    let looked = Project::with(cli, None, Access::Read, async |project| {
        Ok(project.migrator(report).look_ahead(change).await?)
    });
    match looked.await {
        Ok(seen) => seen,
        Err(error) => vec![format!("the database was not looked at: {error}")],
    }
}
