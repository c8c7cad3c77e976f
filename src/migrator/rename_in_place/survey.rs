//! The obstacles to renaming the column itself: everything that knows it by a text that the database
//! does not update.

use sea_orm::DatabaseTransaction;

use super::super::allowed_objects;
use super::super::context::Context;
use super::super::new_name::{check_new_name, unfit};
use super::super::stage_error::StageError;
use crate::database::Dialect;
use crate::database::catalog::uses::{self, Object, Problem, Use};
use crate::database::catalog::{self, rename_obstacles};
use crate::model::{ColumnPair, Identifier, State};
use crate::plan::Obstacle;

/// The table, as far as a rename in place depends on it.
pub(in crate::migrator) struct Found {
    /// The schema; `None` where a table has only one.
    pub schema: Option<String>,
    /// The column's name as the catalog has it: the file may write it in other case.
    pub name: Option<String>,
}

/// Looks at the table, and refuses everything that would not follow a rename of `source` to `target`.
/// Changes nothing.
pub(in crate::migrator) async fn survey(
    context: &Context<'_>,
    source: &Identifier,
    target: &Identifier,
) -> Result<Found, StageError> {
    let rename = ColumnPair {
        table: context.declared.columns().table.clone(),
        from: source.clone(),
        to: target.clone(),
    };
    let dialect = context.dialect();
    let declared = allowed_objects::declared(context).await?;
    let recorded = context.known_state().await?;
    let (found, obstacles) = context
        .reading(async |transaction| {
            let table = &context.columns().table;
            let Some((schema, columns)) = catalog::columns(transaction, dialect, table).await?
            else {
                return Err(StageError::NoTable { table: rename.table.clone() });
            };
            let has = |name: &Identifier| {
                columns.iter().any(|own| dialect.same_column(own, name.as_str()))
            };
            let found = Found {
                schema: (dialect == Dialect::Postgres).then_some(schema),
                name: columns.iter().find(|own| dialect.same_column(own, source.as_str())).cloned(),
            };
            // A run that was interrupted on MariaDB may have renamed it already.
            if recorded == State::Announced && has(target) && !has(source) {
                return Ok((found, Vec::new()));
            }
            let hard = rename_obstacles::of_column(transaction, dialect, table, source).await?;
            let mut obstacles: Vec<Obstacle> = hard.into_iter().map(Obstacle::hard).collect();
            if !has(source) && obstacles.is_empty() {
                let (table, column) = (rename.table.clone(), source.clone());
                return Err(StageError::NoColumn { table, column });
            }
            check_new_name(dialect, &rename, columns.iter().map(String::as_str))?;
            let hard =
                rename_obstacles::of_descendants(transaction, dialect, table, target).await?;
            obstacles.extend(hard.into_iter().map(Obstacle::hard));
            let (named, broken) = named(context, transaction, (source, target)).await?;
            obstacles.extend(broken);
            obstacles.extend(allowed_objects::obstacles(context, &named, &declared));
            Ok((found, obstacles))
        })
        .await?;
    if obstacles.is_empty() { Ok(found) } else { Err(unfit(&rename, source, obstacles)) }
}

/// The objects that know the column by its name, in the table or in one that is renamed with it, each
/// with the problem in words; and what is broken.
async fn named(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    (source, target): (&Identifier, &Identifier),
) -> Result<(Vec<(Object, String)>, Vec<Obstacle>), StageError> {
    let (dialect, table) = (context.dialect(), &context.columns().table);
    let mut uses = uses::uses(transaction, dialect, table, source, target).await?;
    for child in catalog::descendants(transaction, dialect, table).await? {
        for one in uses::uses(transaction, dialect, &child, source, target).await? {
            if !uses.contains(&one) {
                uses.push(one);
            }
        }
    }
    let broken = allowed_objects::broken(&uses);
    let mut named: Vec<_> = uses
        .into_iter()
        .filter_map(|one| Some((one.object.clone(), words(dialect, &one)?)))
        .collect();
    named.extend(rename_obstacles::objects(transaction, dialect, table, source).await?);
    Ok((named, broken))
}

/// The problem in words, if it is one where there is only one column: that nothing but one of two
/// columns is written is none.
fn words(dialect: Dialect, one: &Use) -> Option<String> {
    let named = |column: &String| {
        let problem = Problem::Names { column: column.clone() };
        Use { problem, ..one.clone() }.to_string()
    };
    match &one.problem {
        // SQLite renames the column in these texts, too.
        Problem::Writes { .. } | Problem::ChangesRow { .. } if dialect == Dialect::Sqlite => None,
        Problem::Writes { column } | Problem::ChangesRow { column } => Some(named(column)),
        Problem::InsertsByPosition { .. }
        | Problem::ReadsAllColumns { .. }
        | Problem::Cascades { .. }
        | Problem::Broken { .. } => None,
        // Whoever gets the row reads the column by its name.
        Problem::UsesWholeRow { .. }
        | Problem::Names { .. }
        | Problem::ChangesOutput { .. }
        | Problem::NamesOutput { .. }
        | Problem::IndexesContent { .. }
        | Problem::JoinsNaturally { .. }
        | Problem::Unreadable => Some(one.to_string()),
    }
}
