use std::path::PathBuf;

use super::{Advice, GeneratorError, Templates};
use crate::manifest::Folders;
use crate::model::{Change, ColumnPath, Identifier, Release};
use crate::releases::Migration;

/// A rename to be generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameRequest {
    /// The column as it is called before.
    pub column: ColumnPath,
    /// What it is called afterwards.
    pub to: Identifier,
    /// The release of expand and backfill; none to leave all three files in `unreleased/`.
    pub release: Option<Release>,
    /// The release of the contract; by default the next patch release.
    pub contract_release: Option<Release>,
    /// The time now, `YYYYMMDDHHMMSS`; the first file's id.
    pub now: u64,
}

/// The project that a change is generated for.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Its folders.
    pub folders: &'a Folders,
    /// Its migrations, all of them parsed: `releases.load(&|_| None)`.
    pub migrations: &'a [Migration],
    /// Its templates.
    pub templates: &'a Templates,
}

/// A generated change; nothing has been written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The change.
    pub change: Change,
    /// The files, relative to the project's root, with their content.
    pub files: Vec<(PathBuf, String)>,
    /// What to change in the code, and when.
    pub advice: Advice,
}

/// Generates the three files of a rename.
///
/// # Errors
/// The names are unfit, another change works on the column, or a template is broken.
pub fn generate_rename(
    request: &RenameRequest,
    context: &Context<'_>,
) -> Result<Generated, GeneratorError> {
    let _ = context;
    Err(GeneratorError::SameName { from: request.column.to_string(), to: request.to.to_string() })
}
