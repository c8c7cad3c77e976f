//! Generates the file of a plain SQL migration.

use std::path::PathBuf;

use super::{Context, GeneratorError};
use crate::model::{ChangeName, Deploy, Release};
use crate::releases::{FileKind, file_name};

/// A plain SQL migration to be generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlRequest {
    /// Its name: lower-case letters, digits and `_`.
    pub name: String,
    /// The time at which it runs: before or after the code is rolled out.
    pub deploy: Deploy,
    /// Its release; `None` to put it into `unreleased/`.
    pub release: Option<Release>,
    /// The time now, `YYYYMMDDHHMMSS`, which becomes the id.
    pub now: u64,
}

/// Generates the file of a plain SQL migration, without statements yet. Returns its path, relative
/// to the project's root, and its text.
///
/// # Errors
/// The name is not valid or is the name of a change, or the template is broken.
pub fn generate_sql(
    request: &SqlRequest,
    context: &Context<'_>,
) -> Result<(PathBuf, String), GeneratorError> {
    let SqlRequest { name, deploy, release, now } = request;
    if name.parse::<ChangeName>().is_err() {
        return Err(GeneratorError::SqlName { name: name.clone() });
    }
    // Stages are found by the name of their change, so no other migration may have that name.
    let change = |other: &&crate::releases::Migration| {
        other.stage().is_some() && other.slug.as_str() == name.as_str()
    };
    if let Some(other) = context.migrations.iter().find(change) {
        return Err(GeneratorError::SqlNameTaken { name: name.clone(), path: other.path.clone() });
    }
    let id = context.free_id(*now, 1);
    let text = context.templates.render_sql(id, name, *deploy, release.as_ref())?;
    let file = file_name(id, name, FileKind::Sql(*deploy));
    Ok((context.folder(release.as_ref()).join(file), text))
}
