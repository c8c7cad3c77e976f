//! The table as it is now, and the refusal of what stands in the way of another type.

use super::super::allowed_objects;
use super::super::context::Context;
use super::super::rename;
use super::super::stage_error::StageError;
use super::obstacles::{given_another_type, of_sqlite, of_table, unfit, unfit_for};
use super::record::is_noted;
use super::{at_once_obstacles, conversion};
use crate::database::catalog::Table;
use crate::database::catalog::uses::{self, Object};
use crate::database::{Dialect, canonical_type};
use crate::model::{Conversion, Identifier, State};

/// Looks at the table, and refuses everything on the first column that would not be the same once it has
/// another type: by a second column, or on the column itself if the database changes it at once. Changes
/// nothing.
pub(super) async fn survey(context: &Context<'_>) -> Result<Table, StageError> {
    match at_once(context).await? {
        Some(conversion) => survey_at_once(context, &conversion).await,
        None => survey_for_second_column(context).await,
    }
}

async fn survey_at_once(
    context: &Context<'_>,
    conversion: &Conversion,
) -> Result<Table, StageError> {
    let (dialect, columns) = (context.dialect(), context.columns());
    let table = context.table().await?;
    let column = table.column(dialect, columns.from.as_str()).ok_or_else(|| {
        let table = context.declared.columns().table.clone();
        StageError::NoColumn { table, column: columns.from.clone() }
    })?;
    let mut obstacles = at_once_obstacles::of_table(dialect, &table, column)?;
    if dialect == Dialect::Sqlite {
        let (from, to_type) = (&columns.from, conversion.to_type.as_str());
        let found = context.reading(async |transaction| {
            at_once_obstacles::of_sqlite(context, transaction, from, to_type).await
        });
        obstacles.extend(found.await?);
    }
    if !obstacles.is_empty() {
        return Err(unfit(context, &columns.from, obstacles));
    }
    if dialect == Dialect::Postgres && has_other_name(conversion) {
        refuse_uses(context).await?;
    }
    Ok(table)
}

/// Returns true if the type is another one, and not only its limit.
fn has_other_name(conversion: &Conversion) -> bool {
    let name = |sql_type: &str| {
        let canonical = canonical_type(Dialect::Postgres, sql_type);
        canonical.split(['(', ' ']).next().unwrap_or_default().to_owned()
    };
    name(&conversion.from_type) != name(&conversion.to_type)
}

/// Refuses functions that name the column, except those that the user has allowed: PostgreSQL compares the
/// type of what a function returns with the one that it declares.
async fn refuse_uses(context: &Context<'_>) -> Result<(), StageError> {
    let columns = context.columns();
    let declared = allowed_objects::declared(context).await?;
    let found = context
        .reading(async |transaction| {
            let (table, from, to) = (&columns.table, &columns.from, &columns.to);
            Ok(uses::uses(transaction, context.dialect(), table, from, to).await?)
        })
        .await?;
    let named = found.into_iter().map(|own| (own.object.clone(), own.to_string()));
    let named: Vec<(Object, String)> = named.collect();
    let obstacles = allowed_objects::obstacles(context, &named, &declared);
    if obstacles.is_empty() { Ok(()) } else { Err(unfit_for(context, &columns.from, obstacles)) }
}

/// As [`survey`], for a change that needs a second column.
pub(super) async fn survey_for_second_column(context: &Context<'_>) -> Result<Table, StageError> {
    let columns = context.columns();
    let (source, target): (&Identifier, &Identifier) = (&columns.from, &columns.to);
    // Only logical replication, which PostgreSQL alone has, minds a second column.
    let doubles = context.dialect() == Dialect::Postgres;
    let table = rename::survey(context, (source, target), doubles).await;
    let table = table.map_err(given_another_type)?;
    let mut obstacles = of_table(context.dialect(), &table, source)?;
    if context.dialect() == Dialect::Sqlite {
        let found = context
            .reading(async |transaction| of_sqlite(context, transaction, source).await)
            .await?;
        obstacles.extend(found);
    }
    if obstacles.is_empty() { Ok(table) } else { Err(unfit(context, source, obstacles)) }
}

/// The conversion, if the database changes the type at once, so that there is no second column.
async fn at_once(context: &Context<'_>) -> Result<Option<Conversion>, StageError> {
    let known = match context.known().await? {
        // An attempt that was undone says nothing about this one.
        Some(row) if row.state == State::Pending && row.kind != context.declared.kind => None,
        Some(row) if row.state == State::Pending && !is_noted(context).await? => None,
        known => known.and_then(|row| row.conversion),
    };
    let conversion = match (known, context.declared.kind.retype()) {
        (Some(known), _) => known,
        (None, Some(retype)) => {
            let (table, name) = (context.table().await?, context.columns().from.as_str());
            let Some(column) = table.column(context.dialect(), name) else { return Ok(None) };
            conversion::declared(context, retype, column)?.conversion
        }
        (None, None) => return Ok(None),
    };
    Ok(conversion.at_once.then_some(conversion))
}
