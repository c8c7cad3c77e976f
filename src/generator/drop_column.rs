//! Generates the files of a drop.

use super::rename::{contract_after, refuse_own_table};
use super::stage_files::{Generated, stage_files};
use super::{Advice, Context, GeneratorError, change_name, second_column_name};
use crate::model::{Change, ChangeKind, ColumnPair, ColumnPath, Release, Stage};

/// A column to be dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropRequest {
    /// The column.
    pub column: ColumnPath,
    /// The first release whose code does without it; `None` to put the files into `unreleased/`.
    pub release: Option<Release>,
    /// The release in which it is put aside; `None` for the next release.
    pub contract_release: Option<Release>,
    /// The release up to which its values are kept; `None` for the next minor release.
    pub keep_until: Option<Release>,
    /// The time now, `YYYYMMDDHHMMSS`: the first file's id, the others follow.
    pub now: u64,
}

/// Generates the files that drop a column, one for each stage.
///
/// # Errors
/// The releases are not in their order, another change uses the column, or a template is broken.
pub fn generate_drop(
    request: &DropRequest,
    context: &Context<'_>,
) -> Result<Generated, GeneratorError> {
    refuse_own_table(&request.column)?;
    let ColumnPath { table, column } = request.column.clone();
    let aside = second_column_name::of_drop(&column);
    let taken = context.migrations.iter().map(|migration| migration.slug.as_str()).collect();
    let kind = ChangeKind::Drop(ColumnPair { table, from: column, to: aside });
    let name = change_name::of_drop(kind.columns(), &taken).map_err(GeneratorError::ChangeName)?;
    let change = Change { name, kind };
    let contract = contract_after(
        &request.column,
        request.release.as_ref(),
        request.contract_release.as_ref(),
        change.course(),
    )?;
    let purge = purge_release(request, contract.as_ref())?;
    let advice = Advice::of(&change.kind, request.release.as_ref(), contract.as_ref());
    let release = |stage| match stage {
        Stage::Expand | Stage::Backfill => request.release.clone(),
        Stage::Contract => contract.clone(),
        Stage::Purge => purge.clone(),
    };
    let others = context.migrations.to_vec();
    let files = stage_files(context, &change, others, request.now, release)?;
    Ok(Generated { change, files, replaced: Vec::new(), advice })
}

/// The release of the purge; `None` if the change is unreleased.
fn purge_release(
    request: &DropRequest,
    contract: Option<&Release>,
) -> Result<Option<Release>, GeneratorError> {
    let column = || request.column.clone();
    match (contract, &request.keep_until) {
        (None, None) => Ok(None),
        (None, Some(purge)) => {
            Err(GeneratorError::PurgeOnly { column: column(), purge: purge.clone() })
        }
        (Some(contract), None) => Ok(Some(contract.later())),
        (Some(contract), Some(purge)) if purge.gating() > contract.gating() => {
            Ok(Some(purge.clone()))
        }
        (Some(contract), Some(purge)) => Err(GeneratorError::PurgeRelease {
            column: column(),
            contract: contract.clone(),
            purge: purge.clone(),
        }),
    }
}
