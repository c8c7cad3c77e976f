//! Generates the files of a rename, by either way.

use std::path::PathBuf;

use super::stage_files::{Generated, stage_files};
use super::{Advice, Context, GeneratorError, change_name};
use crate::model::{
    Change, ChangeKind, ColumnPair, ColumnPath, Course, Identifier, Release, Stage,
};
use crate::releases::Migration;

/// A rename to be generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameRequest {
    /// The column, with its name before the rename.
    pub column: ColumnPath,
    /// The column's name after the rename.
    pub to: Identifier,
    /// The release of expand and backfill; `None` to put all three files into `unreleased/`.
    pub release: Option<Release>,
    /// The release of the contract; `None` for the next release.
    pub contract_release: Option<Release>,
    /// True if the column itself is to be renamed, instead of a copy of it.
    pub in_place: bool,
    /// The time now, `YYYYMMDDHHMMSS`: the first file's id, the others follow.
    pub now: u64,
}

/// Generates the files of a rename, one for each stage.
///
/// # Errors
/// The names or releases are not valid, another change uses the column, or a template is broken.
pub fn generate_rename(
    request: &RenameRequest,
    context: &Context<'_>,
) -> Result<Generated, GeneratorError> {
    refuse_own_table(&request.column)?;
    check_names(request)?;
    let rename = ColumnPair {
        table: request.column.table.clone(),
        from: request.column.column.clone(),
        to: request.to.clone(),
    };
    let (replaced, others) = replaced(context, &rename, request.in_place);
    let taken = others.iter().map(|migration| migration.slug.as_str()).collect();
    let name = change_name::of_rename(&rename, &taken).map_err(GeneratorError::ChangeName)?;
    let kind = if request.in_place {
        ChangeKind::RenameInPlace(rename)
    } else {
        ChangeKind::Rename(rename)
    };
    let change = Change { name, kind };
    let contract = contract_release(request, change.course())?;
    let advice = Advice::of(&change.kind, request.release.as_ref(), contract.as_ref());
    let release = |stage| match stage {
        Stage::Expand | Stage::Backfill => request.release.clone(),
        Stage::Contract | Stage::Purge => contract.clone(),
    };
    let files = stage_files(context, &change, others, request.now, release)?;
    Ok(Generated { change, files, replaced, advice })
}

/// The files of the same rename by the other way, if all of them are unreleased; and the migrations
/// that are left.
fn replaced(
    context: &Context<'_>,
    rename: &ColumnPair,
    in_place: bool,
) -> (Vec<PathBuf>, Vec<Migration>) {
    let is_same = |change: &Change| {
        let is_in_place = matches!(change.kind, ChangeKind::RenameInPlace(_));
        change.columns() == rename && is_in_place != in_place
    };
    let same = context.migrations.iter().filter_map(|migration| migration.change());
    let names: Vec<&str> =
        same.filter(|change| is_same(change)).map(|change| change.name.as_str()).collect();
    let of_it = |migration: &Migration| names.contains(&migration.slug.as_str());
    if context.migrations.iter().any(|own| of_it(own) && own.release.is_some()) {
        return (Vec::new(), context.migrations.to_vec());
    }
    let (old, others): (Vec<Migration>, Vec<Migration>) =
        context.migrations.iter().cloned().partition(of_it);
    (old.into_iter().map(|migration| migration.path).collect(), others)
}

/// Refuses a change of handover's own tables.
pub(super) fn refuse_own_table(column: &ColumnPath) -> Result<(), GeneratorError> {
    if column.table.name.as_str().to_lowercase().starts_with("handover_") {
        return Err(GeneratorError::OwnTable { column: column.clone() });
    }
    Ok(())
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
fn contract_release(
    request: &RenameRequest,
    course: &Course,
) -> Result<Option<Release>, GeneratorError> {
    contract_after(
        &request.column,
        request.release.as_ref(),
        request.contract_release.as_ref(),
        course,
    )
}

/// The release of a contract that may be given, and is later than that of the stages before it;
/// `None` if the change is unreleased.
pub(super) fn contract_after(
    column: &ColumnPath,
    release: Option<&Release>,
    contract: Option<&Release>,
    course: &Course,
) -> Result<Option<Release>, GeneratorError> {
    let column = || column.clone();
    match (release, contract) {
        (None, None) => Ok(None),
        (None, Some(contract)) => {
            Err(GeneratorError::ContractOnly { column: column(), contract: contract.clone() })
        }
        (Some(release), None) => Ok(Some(release.next())),
        (Some(release), Some(contract))
            if contract.gating() > release.gating()
                || contract == release && course.contract_may_join(release) =>
        {
            Ok(Some(contract.clone()))
        }
        (Some(release), Some(contract)) => Err(GeneratorError::ContractRelease {
            column: column(),
            release: release.clone(),
            before: course.previous(Stage::Contract).unwrap_or(Stage::Expand),
            contract: contract.clone(),
        }),
    }
}
