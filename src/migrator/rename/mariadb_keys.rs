//! The names of foreign keys on MariaDB. A foreign key cannot be renamed, so it is made again.

use sea_orm::DatabaseTransaction;

use super::super::context::Context;
use super::super::stage_error::StageError;
use super::super::steps;
use super::names::settled;
use super::recorded_definition;
use crate::database::Dialect;
use crate::database::catalog::{Constraint, Table};
use crate::model::Identifier;

/// Notes the constraints of `source` beside those that are in the note already, and returns both as
/// constraints of `from`.
///
/// A foreign key is dropped before its counterpart gets its name, because MariaDB does not take a name
/// twice, also within one statement. A run that ends between the two finds the name in the note alone.
pub(super) async fn note_names(
    context: &Context<'_>,
    source: &Identifier,
) -> Result<Vec<Constraint>, StageError> {
    let dialect = context.dialect();
    let mut definition = match context.definition().await {
        // A note that cannot be read holds no names.
        Err(StageError::Definition(_)) => return Ok(Vec::new()),
        other => other?,
    };
    if dialect != Dialect::MariaDb {
        return Ok(definition.constraints);
    }
    let from = context.columns().from.as_str();
    let table = context.table().await?;
    let mut present = Vec::new();
    for own in table.constraints_of(dialect, source.as_str())? {
        present.push(own.on(dialect, source.as_str(), from)?);
    }
    if recorded_definition::add_missing(&mut definition.constraints, present) {
        recorded_definition::renew(context, &definition).await?;
    }
    Ok(definition.constraints)
}

/// Gives the foreign keys of `target` the names of their counterparts on `source`, if these do not
/// contain the column's name. Rows are not checked. Completes what an interrupted run has left: the
/// names are in the note, too.
pub(super) async fn move_names_and_marks(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    table: &Table,
    (source, target): (&Identifier, &Identifier),
    noted: &[Constraint],
) -> Result<(), StageError> {
    let (dialect, name) = (context.dialect(), &context.columns().table);
    let (own, other) = (source.as_str(), target.as_str());
    let from = context.columns().from.as_str();
    let mut wanted: Vec<Constraint> = Vec::new();
    for constraint in table.constraints_of(dialect, own)? {
        wanted.push(constraint.on(dialect, own, other)?);
    }
    for constraint in noted {
        wanted.push(constraint.on(dialect, from, other)?);
    }
    wanted.retain(|constraint| settled(&constraint.name, own, other) == constraint.name);
    let interim = format!("{}_{other}_fkey", name.name);
    let mut done: Vec<&str> = Vec::new();
    for key in &wanted {
        if done.contains(&key.name.as_str()) {
            continue;
        }
        let alike = |twin: &&Constraint| key.is_like(dialect, other, twin, other);
        let twins: Vec<&Constraint> = table.constraints.iter().filter(alike).collect();
        if twins.is_empty() {
            continue;
        }
        done.push(&key.name);
        match table.constraints.iter().find(|named| named.name == key.name) {
            Some(named) if alike(&named) => {}
            Some(named) if named.is_like(dialect, own, key, other) => {
                let sql = steps::drop_constraint(dialect, name, named)?;
                steps::change_constraint(transaction, dialect, &sql).await?;
                steps::crash_point("foreign_key", "dropped");
                let sql = steps::add_constraint_sql(dialect, name, key)?;
                steps::change_constraint(transaction, dialect, &sql).await?;
            }
            // Somebody has given the name to something else since it was noted.
            Some(_) => continue,
            None => {
                let sql = steps::add_constraint_sql(dialect, name, key)?;
                steps::change_constraint(transaction, dialect, &sql).await?;
            }
        }
        steps::crash_point("foreign_key", "added");
        for twin in twins.iter().filter(|twin| twin.name.starts_with(&interim)) {
            let sql = steps::drop_constraint(dialect, name, twin)?;
            steps::change_constraint(transaction, dialect, &sql).await?;
        }
    }
    Ok(())
}
