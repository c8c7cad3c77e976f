use std::path::PathBuf;

use super::{Advice, Context, GeneratorError, name};
use crate::manifest::{Checksum, StageName};
use crate::model::{Change, ChangeKind, ColumnPath, Identifier, Release, Rename, Stage};
use crate::releases::{Body, FileKind, Migration, file_name, validate};

/// A rename to be generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameRequest {
    /// The column, with its name before the rename.
    pub column: ColumnPath,
    /// The column's name after the rename.
    pub to: Identifier,
    /// The release of expand and backfill; `None` to put all three files into `unreleased/`.
    pub release: Option<Release>,
    /// The release of the contract; `None` for the next patch release.
    pub contract_release: Option<Release>,
    /// The time now, `YYYYMMDDHHMMSS`: the first file's id, the others follow.
    pub now: u64,
}

/// A generated change; nothing has been written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The change.
    pub change: Change,
    /// The files, relative to the project's root, with their content; for
    /// [`write_all`](crate::releases::write_all).
    pub files: Vec<(PathBuf, String)>,
    /// The changes to make in the code, and when.
    pub advice: Advice,
}

/// Generates the three files of a rename.
///
/// # Errors
/// The names or releases are not valid, another change uses the column, or a template is broken.
pub fn generate_rename(
    request: &RenameRequest,
    context: &Context<'_>,
) -> Result<Generated, GeneratorError> {
    check_names(request)?;
    let contract = contract_release(request)?;
    let rename = Rename {
        table: request.column.table.clone(),
        from: request.column.column.clone(),
        to: request.to.clone(),
    };
    let advice = Advice::rename(&rename, request.release.as_ref(), contract.as_ref());
    let taken = context.migrations.iter().map(|migration| migration.slug.as_str()).collect();
    let change = Change {
        name: name::of_rename(&rename, &taken).map_err(GeneratorError::ChangeName)?,
        kind: ChangeKind::Rename(rename),
    };
    let mut all = context.migrations.to_vec();
    let mut files = Vec::with_capacity(Stage::ALL.len());
    for (stage, id) in Stage::ALL.into_iter().zip(context.free_id(request.now, 3)..) {
        let release = match stage {
            Stage::Expand | Stage::Backfill => request.release.as_ref(),
            Stage::Contract => contract.as_ref(),
        };
        let (path, text) = file(context, &change, stage, id, release)?;
        all.push(Migration {
            id,
            slug: change.name.to_string(),
            release: release.cloned(),
            path: path.clone(),
            checksum: Checksum::of(text.as_bytes()),
            deploy: stage.deploy(),
            after: Vec::new(),
            body: Body::Stage { change: change.clone(), stage },
        });
        files.push((path, text));
    }
    validate(&all).map_err(|source| GeneratorError::Files {
        column: request.column.clone(),
        to: request.to.clone(),
        source: Box::new(source),
    })?;
    Ok(Generated { change, files, advice })
}

fn check_names(request: &RenameRequest) -> Result<(), GeneratorError> {
    let (column, to) = (request.column.clone(), request.to.clone());
    if column.column == to {
        return Err(GeneratorError::Unchanged { column, to });
    }
    if column.column.as_str().to_lowercase() == to.as_str().to_lowercase() {
        return Err(GeneratorError::SameName { column, to });
    }
    let (bytes, characters) = (to.as_str().len(), to.as_str().chars().count());
    let databases = match (bytes > 63, characters > 64) {
        (false, false) => return Ok(()),
        (true, false) => "PostgreSQL (at most 63 bytes)",
        (false, true) => "MariaDB (at most 64 characters)",
        (true, true) => "PostgreSQL (at most 63 bytes) and MariaDB (at most 64 characters)",
    };
    Err(GeneratorError::TooLong { column, to, databases, bytes, characters })
}

/// The release of the contract; `None` if the change is unreleased.
fn contract_release(request: &RenameRequest) -> Result<Option<Release>, GeneratorError> {
    let column = || request.column.clone();
    match (&request.release, &request.contract_release) {
        (None, None) => Ok(None),
        (None, Some(contract)) => {
            Err(GeneratorError::ContractOnly { column: column(), contract: contract.clone() })
        }
        (Some(release), None) => Ok(Some(release.next_patch())),
        (Some(release), Some(contract)) if contract.gating() > release.gating() => {
            Ok(Some(contract.clone()))
        }
        (Some(release), Some(contract)) => Err(GeneratorError::ContractRelease {
            column: column(),
            release: release.clone(),
            contract: contract.clone(),
        }),
    }
}

fn file(
    context: &Context<'_>,
    change: &Change,
    stage: Stage,
    id: u64,
    release: Option<&Release>,
) -> Result<(PathBuf, String), GeneratorError> {
    let ChangeKind::Rename(rename) = &change.kind;
    let name = StageName { id, change: change.name.clone(), stage };
    let text = context.templates.render(&name, rename, release)?;
    let name = file_name(id, change.name.as_str(), FileKind::Stage(stage));
    Ok((context.folder(release).join(name), text))
}
