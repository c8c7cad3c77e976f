//! The column as it is now, and the obstacles to dropping it: everything that needs it.

use sea_orm::DatabaseTransaction;

use super::super::allowed;
use super::super::context::{Context, Lock};
use super::super::new_name::check_new_name;
use super::super::stage_error::StageError;
use super::super::steps;
use super::empty_copy::try_on_empty_copy;
use super::found::Found;
use super::named::STATEMENTS;
use super::needs::needs;
use crate::database::catalog::uses::{self, Object, Problem, Use};
use crate::database::catalog::{self, Table, in_place, references};
use crate::database::{Dialect, plain, tables};
use crate::model::{ColumnPair, Identifier, State};
use crate::plan::Obstacle;

/// Looks at the table, and refuses what would be lost or break without the column. `None` if the column
/// is gone already, as an interrupted run leaves it on MariaDB. Changes nothing.
pub(super) async fn survey(context: &Context<'_>) -> Result<Option<Found>, StageError> {
    let (connection, dialect) = (context.database.connection(), context.dialect());
    let ColumnPair { table: declared, from, to } = context.declared.columns();
    let recorded = if tables::exist(connection, dialect).await? {
        context.recorded().await?.map_or(State::Pending, |row| row.state)
    } else {
        State::Pending
    };
    let mut allowed = allowed::declared(context).await?;
    allowed.retain(|given| given != STATEMENTS);
    let looked = context
        .reading(async |transaction| {
            let table = context.table_within(transaction).await?;
            let has = |name: &Identifier| table.column(dialect, name.as_str());
            // In between two states, an interrupted run has put it aside, or not yet.
            let present = match recorded {
                State::Pending => has(from).map(|column| (column, from)),
                State::Ignored if has(from).is_some() && has(to).is_some() => {
                    let (table, column) = (declared.clone(), to.clone());
                    return Err(StageError::ColumnExists { table, column });
                }
                _ => has(to).map(|column| (column, to)).or(has(from).map(|column| (column, from))),
            };
            let Some((column, name)) = present else {
                // On MariaDB an interrupted purge has dropped it.
                return if recorded == State::Contracted && dialect == Dialect::MariaDb {
                    Ok(None)
                } else {
                    let column = if recorded == State::Contracted { to } else { from };
                    let (table, column) = (declared.clone(), column.clone());
                    Err(StageError::NoColumn { table, column })
                };
            };
            if recorded == State::Pending {
                check_new_name(dialect, context.declared.columns(), table.column_names())?;
            }
            let schema = (dialect == Dialect::Postgres).then(|| table.schema.clone());
            let found = Found { schema, column: column.clone() };
            let (table_name, other) =
                (&context.columns().table, if name == from { to } else { from });
            let mut hard = in_place::obstacles(transaction, dialect, table_name, name).await?;
            if name == from {
                hard.extend(
                    in_place::obstacles_of_descendants(transaction, dialect, table_name, to)
                        .await?,
                );
            }
            hard.extend(needs(&table, dialect, column)?);
            hard.extend(references(transaction, dialect, table_name, name).await?);
            for child in in_place::descendants(transaction, dialect, table_name).await? {
                let Some(own) = catalog::table(transaction, dialect, &child).await? else {
                    continue;
                };
                if let Some(column) = own.column(dialect, name.as_str()) {
                    let words = |reason| format!("of `{child}`, which inherits it: {reason}");
                    hard.extend(needs(&own, dialect, column)?.into_iter().map(words));
                }
            }
            if dialect == Dialect::MariaDb {
                hard.extend(table.unfit.iter().cloned());
                hard.extend(unrelaxable(&found, &table));
            }
            let mut obstacles: Vec<Obstacle> = hard.into_iter().map(Obstacle::hard).collect();
            let named = named(context, transaction, (name, other)).await?;
            obstacles.extend(allowed::obstacles(context, &named, &allowed));
            Ok(Some((found, name.clone(), obstacles)))
        })
        .await?;
    let Some((found, name, mut obstacles)) = looked else { return Ok(None) };
    if obstacles.is_empty() {
        obstacles.extend(tried(context, &name, &found).await?.map(Obstacle::hard));
    }
    if obstacles.is_empty() {
        return Ok(Some(found));
    }
    Err(StageError::Needed { table: declared.clone(), column: from.clone(), obstacles })
}

/// Returns the database's reason not to drop the column, if it has one that the catalog does not show.
async fn tried(
    context: &Context<'_>,
    name: &Identifier,
    found: &Found,
) -> Result<Option<String>, StageError> {
    let (dialect, table) = (context.dialect(), &context.columns().table);
    match dialect {
        Dialect::Sqlite => try_on_empty_copy(context, name, found).await,
        Dialect::MariaDb => Ok(None),
        Dialect::Postgres => {
            let tried = context
                .rehearsed(Lock::Everyone, async |transaction| {
                    steps::drop_column(transaction, dialect, table, name).await
                })
                .await;
            match tried {
                Err(StageError::Database(error)) if !StageError::is_lock(&error) => {
                    let said = plain(&error.to_string());
                    Ok(Some(format!("the database does not let it be done: {said}")))
                }
                // A session that holds the table just now says nothing about the schema.
                Err(error) if error.is_missed_lock() => Ok(None),
                tried => tried.map(|()| None),
            }
        }
    }
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

/// The objects that know the column by its name, each with the problem in words.
async fn named(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    (source, target): (&Identifier, &Identifier),
) -> Result<Vec<(Object, String)>, StageError> {
    let (dialect, table) = (context.dialect(), &context.columns().table);
    let mut all = uses::uses(transaction, dialect, table, source, target).await?;
    for child in in_place::descendants(transaction, dialect, table).await? {
        for one in uses::uses(transaction, dialect, &child, source, target).await? {
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    Ok(all.into_iter().filter_map(|one| Some((one.object.clone(), words(&one)?))).collect())
}

/// The problem in words, if it is one for a column that is dropped.
fn words(one: &Use) -> Option<String> {
    let said = |problem: Problem| Use { problem, ..one.clone() }.to_string();
    match &one.problem {
        // A foreign key of the column itself goes with it.
        Problem::Cascades { .. } => None,
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
        | Problem::Unreadable
        | Problem::Broken { .. } => Some(one.to_string()),
    }
}
