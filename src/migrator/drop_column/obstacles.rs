//! What needs the column, and so keeps it from being dropped.

use sea_orm::DatabaseTransaction;

use super::super::allowed_objects;
use super::super::context::Context;
use super::super::stage_error::StageError;
use super::found::Found;
use super::needs::needs;
use crate::database::Dialect;
use crate::database::catalog::replication::{Effect, replication};
use crate::database::catalog::uses::{self, Object, Problem, Use};
use crate::database::catalog::{self, Table, drop_obstacles, rename_obstacles};
use crate::model::Identifier;
use crate::plan::Obstacle;

/// Returns what needs the column, which has the name `name` now, and has or will have `other`. `allowed` are
/// the objects that may stay.
pub(super) async fn obstacles(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    (table, found): (&Table, &Found),
    (name, other): (&Identifier, &Identifier),
    allowed: &[String],
) -> Result<Vec<Obstacle>, StageError> {
    let hard = hard(context, transaction, (table, found), (name, other)).await?;
    let mut obstacles: Vec<Obstacle> = hard.into_iter().map(Obstacle::hard).collect();
    let uses = uses_of(context, transaction, (name, other)).await?;
    obstacles.extend(allowed_objects::broken(&uses));
    let mut named: Vec<(Object, String)> =
        uses.into_iter().filter_map(|one| Some((one.object.clone(), words(&one)?))).collect();
    let (dialect, path) = (context.dialect(), &context.columns().table);
    if *name == context.columns().from {
        // It is put aside under another name before it is dropped.
        named.extend(replication(transaction, dialect, path, Effect::Renames).await?);
    }
    obstacles.extend(allowed_objects::obstacles(context, &named, allowed));
    Ok(obstacles)
}

/// What nobody can allow, in words.
async fn hard(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    (table, found): (&Table, &Found),
    (name, other): (&Identifier, &Identifier),
) -> Result<Vec<String>, StageError> {
    let (dialect, path) = (context.dialect(), &context.columns().table);
    let mut hard = rename_obstacles::of_column(transaction, dialect, path, name).await?;
    if *name == context.columns().from {
        hard.extend(rename_obstacles::of_descendants(transaction, dialect, path, other).await?);
    }
    hard.extend(needs(table, dialect, &found.column)?);
    hard.extend(drop_obstacles(transaction, dialect, path, name).await?);
    for child in catalog::descendants(transaction, dialect, path).await? {
        let Some(own) = catalog::table(transaction, dialect, &child).await? else { continue };
        if let Some(column) = own.column(dialect, name.as_str()) {
            let words = |reason| format!("of `{child}`, which inherits it: {reason}");
            hard.extend(needs(&own, dialect, column)?.into_iter().map(words));
        }
    }
    if dialect == Dialect::MariaDb {
        hard.extend(table.unfit.iter().cloned());
        hard.extend(unrelaxable(found, table));
    }
    Ok(hard)
}

/// Returns the reason why MariaDB cannot make the column take NULL while the table is in use.
fn unrelaxable(found: &Found, table: &Table) -> Option<String> {
    if !found.needs_relaxing() {
        return None;
    }
    if found.column.sql_type.starts_with("timestamp") {
        return Some(
            "it is a TIMESTAMP that is NOT NULL and has no default, which MariaDB cannot change while \
             the table is in use"
                .to_owned(),
        );
    }
    let stored = table.columns.iter().any(|own| own.stored);
    stored.then(|| {
        "it is NOT NULL, and MariaDB changes no column in place beside a STORED generated one"
            .to_owned()
    })
}

/// The objects that know the column by its name, in the table or in one that inherits it.
async fn uses_of(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    (source, target): (&Identifier, &Identifier),
) -> Result<Vec<Use>, StageError> {
    let (dialect, table) = (context.dialect(), &context.columns().table);
    let mut all = uses::uses(transaction, dialect, table, source, target).await?;
    for child in catalog::descendants(transaction, dialect, table).await? {
        for one in uses::uses(transaction, dialect, &child, source, target).await? {
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    Ok(all)
}

/// The problem in words, if it is one for a column that is dropped.
fn words(one: &Use) -> Option<String> {
    let said = |problem: Problem| Use { problem, ..one.clone() }.to_string();
    match &one.problem {
        // A foreign key of the column itself goes with it. What is broken nobody can allow.
        Problem::Cascades { .. } | Problem::Broken { .. } => None,
        Problem::Writes { column } | Problem::ChangesRow { column } => {
            Some(said(Problem::Names { column: column.clone() }))
        }
        Problem::ReadsAllColumns { table } => Some(format!(
            "{} reads all columns of `{table}` by `*`, and there will be one less",
            one.object
        )),
        Problem::ChangesOutput { output, .. } => {
            Some(format!("{} has a column `{output}` that comes from it", one.object))
        }
        Problem::NamesOutput { relation, output } => {
            Some(format!("{} names the column `{output}` of `{relation}`", one.object))
        }
        Problem::InsertsByPosition { .. }
        | Problem::UsesWholeRow { .. }
        | Problem::Names { .. }
        | Problem::IndexesContent { .. }
        | Problem::JoinsNaturally { .. }
        | Problem::Unreadable => Some(one.to_string()),
    }
}
