//! The names of foreign keys on MariaDB. A foreign key cannot be renamed, so it is made again.

use sea_orm::DatabaseTransaction;

use super::super::context::Context;
use super::super::stage_error::StageError;
use super::super::steps;
use super::names::settled;
use crate::database::catalog::{Constraint, Table};
use crate::model::Identifier;

/// Gives the foreign keys of `target` the names of their counterparts on `source`, if these do not
/// contain the column's name. Rows are not checked. Completes what an interrupted run has left: the
/// names are in the note, too.
pub(super) async fn hand_over(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    table: &Table,
    (source, target): (&Identifier, &Identifier),
    noted: &[Constraint],
) -> Result<(), StageError> {
    let (dialect, name) = (context.dialect(), &context.rename().table);
    let (own, other) = (source.as_str(), target.as_str());
    let from = context.rename().from.as_str();
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
        done.push(&key.name);
        let alike = |twin: &&Constraint| key.is_like(dialect, other, twin, other);
        let twins: Vec<&Constraint> = table.constraints.iter().filter(alike).collect();
        if twins.is_empty() {
            continue;
        }
        let named = table.constraints.iter().find(|twin| twin.name == key.name);
        let mut statements = Vec::new();
        if named.is_none_or(|named| !alike(&named)) {
            if let Some(named) = named {
                statements.push(steps::drop_constraint(dialect, name, named)?);
            }
            statements.push(steps::add_constraint_sql(dialect, name, key)?);
        }
        for twin in twins.iter().filter(|twin| twin.name.starts_with(&interim)) {
            statements.push(steps::drop_constraint(dialect, name, twin)?);
        }
        for sql in statements {
            steps::change_constraint(transaction, dialect, &sql).await?;
        }
    }
    Ok(())
}
