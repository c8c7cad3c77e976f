//! Gives a column its comment and privileges, or takes them.

use sea_orm::ConnectionTrait;

use super::super::stage_error::StageError;
use super::ddl::change_schema;
use crate::database::Dialect;
use crate::database::catalog::Property;
use crate::model::{Identifier, TableName};

/// Gives a column its comment, privileges and other properties. Doing it twice is harmless.
pub(in crate::migrator) async fn give_properties<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    table: &TableName,
    column: &Identifier,
    properties: &[Property],
) -> Result<(), StageError> {
    for property in properties {
        change_schema(transaction, dialect, &property.give(dialect, table, column)).await?;
    }
    Ok(())
}

/// Takes a property from a column that should not have it.
pub(in crate::migrator) async fn take_property<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    table: &TableName,
    column: &Identifier,
    property: &Property,
) -> Result<(), StageError> {
    Ok(change_schema(transaction, dialect, &property.take(dialect, table, column)).await?)
}
