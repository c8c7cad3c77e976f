//! Generates the files of a change of type.

use super::rename::contract_after;
use super::stage_files::{Generated, stage_files};
use super::{Advice, Context, GeneratorError, change_name, second_column_name};
use crate::model::{
    Change, ChangeKind, ColumnPair, ColumnPath, Expressions, Identifier, Release, Retype, Stage,
    Template, check_type,
};

/// A change of type to be generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetypeRequest {
    /// The column.
    pub column: ColumnPath,
    /// The new type, as SQL.
    pub sql_type: String,
    /// The expressions in both directions; `None` for casts.
    pub expressions: Option<Expressions>,
    /// The name of the second column; `None` for one made of the column's name and the type.
    pub copy: Option<Identifier>,
    /// The release of expand and backfill; `None` to put all three files into `unreleased/`.
    pub release: Option<Release>,
    /// The release of the contract; `None` for the next release.
    pub contract_release: Option<Release>,
    /// The time now, `YYYYMMDDHHMMSS`: the first file's id, the others follow.
    pub now: u64,
}

/// Generates the files of a change of type, one for each stage.
///
/// # Errors
/// The type, an expression or a release is not valid, another change uses the column, or a template is
/// broken.
pub fn generate_retype(
    request: &RetypeRequest,
    context: &Context<'_>,
) -> Result<Generated, GeneratorError> {
    let RetypeRequest { column, sql_type, expressions, .. } = request;
    let invalid = |source| GeneratorError::Conversion { column: column.clone(), source };
    check_type(sql_type).map_err(invalid)?;
    for expression in expressions.iter().flat_map(|own| [&own.using, &own.back]) {
        Template::parse(expression, column.column.as_str()).map_err(invalid)?;
    }
    let to = match &request.copy {
        Some(copy) => copy.clone(),
        None => Identifier::new(second_column_name::of_retype(&column.column, sql_type))
            .map_err(GeneratorError::SecondColumn)?,
    };
    if column.column.as_str().to_lowercase() == to.as_str().to_lowercase() {
        return Err(GeneratorError::SecondName { column: column.clone(), copy: to });
    }
    let columns = ColumnPair { table: column.table.clone(), from: column.column.clone(), to };
    let taken = context.migrations.iter().map(|migration| migration.slug.as_str()).collect();
    let name =
        change_name::of_retype(&columns, sql_type, &taken).map_err(GeneratorError::ChangeName)?;
    let (sql_type, expressions) = (sql_type.clone(), expressions.clone());
    let change =
        Change { name, kind: ChangeKind::Retype(Retype { columns, sql_type, expressions }) };
    let contract = contract_after(
        column,
        request.release.as_ref(),
        request.contract_release.as_ref(),
        change.course(),
    )?;
    let advice = Advice::of(&change.kind, request.release.as_ref(), contract.as_ref());
    let others = context.migrations.to_vec();
    let release = |stage| match stage {
        Stage::Expand | Stage::Backfill => request.release.clone(),
        Stage::Contract | Stage::Purge => contract.clone(),
    };
    let files = stage_files(context, &change, others, request.now, release)?;
    Ok(Generated { change, files, replaced: Vec::new(), advice })
}
