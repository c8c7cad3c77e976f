//! The names of a table's columns, and giving one of them another name: what the kinds of change have in
//! common that keep the column itself.

use sea_orm::DatabaseTransaction;

use super::context::Context;
use super::stage_error::StageError;
use super::steps;
use crate::database::{Dialect, catalog};
use crate::model::Identifier;

/// The names of a table's columns.
pub(super) struct Names {
    dialect: Dialect,
    all: Vec<String>,
}

impl Names {
    /// Reads them in a transaction of their own.
    pub async fn read(context: &Context<'_>) -> Result<Self, StageError> {
        context.reading(async |transaction| Self::read_within(context, transaction).await).await
    }

    async fn read_within(
        context: &Context<'_>,
        transaction: &DatabaseTransaction,
    ) -> Result<Self, StageError> {
        let (dialect, table) = (context.dialect(), &context.columns().table);
        let found = catalog::columns(transaction, dialect, table).await?;
        let (_, all) = found.ok_or_else(|| StageError::NoTable {
            table: context.declared.columns().table.clone(),
        })?;
        Ok(Self { dialect, all })
    }

    /// Returns true if the table has a column of this name.
    pub fn has(&self, name: &Identifier) -> bool {
        self.all.iter().any(|own| self.dialect.same_column(own, name.as_str()))
    }
}

/// Renames the column, unless an interrupted run has done so: on MariaDB that commits by itself.
pub(super) async fn change_name(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    (before, after): (&Identifier, &Identifier),
) -> Result<(), StageError> {
    let names = Names::read_within(context, transaction).await?;
    if names.has(after) && !names.has(before) {
        return Ok(());
    }
    let (dialect, table) = (context.dialect(), &context.columns().table);
    steps::rename_column(transaction, dialect, table, before, after).await
}
