//! Gives one of the two columns the indexes, NOT NULL and other properties of the other one.

use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::super::context::{Context, Lock};
use super::super::rename::{Columns, Lack, free_name, lacks_across_types};
use super::super::stage_error::StageError;
use super::super::steps;
use crate::database::catalog::{Column, Definition, Index, Table};
use crate::database::{Dialect, execute};
use crate::model::Identifier;

/// Fails if `target` lacks something of `source`.
pub(super) fn prove(
    context: &Context<'_>,
    table: &Table,
    columns: (&Identifier, &Identifier),
) -> Result<(), StageError> {
    let lacks = lacks_across_types(table, both(context, columns))?;
    if lacks.is_empty() {
        return Ok(());
    }
    Err(StageError::Lacks {
        table: context.declared.columns().table.clone(),
        source_column: columns.0.clone(),
        target: columns.1.clone(),
        lacks: lacks.iter().map(ToString::to_string).collect(),
    })
}

fn both<'n>(
    context: &Context<'_>,
    (source, target): (&'n Identifier, &'n Identifier),
) -> Columns<'n> {
    Columns { dialect: context.dialect(), source: source.as_str(), target: target.as_str() }
}

/// How often the columns are compared: each time, somebody may have changed the table since.
const PASSES: usize = 4;

/// Gives `target` everything that it lacks of `source`, while the app keeps writing.
pub(super) async fn carry(
    context: &Context<'_>,
    (source, target): (&Identifier, &Identifier),
) -> Result<(), StageError> {
    let dialect = context.dialect();
    for _ in 0..PASSES {
        let table = context.table().await?;
        let left = lacks_across_types(&table, both(context, (source, target)))?;
        if left.is_empty() && !is_unfinished(&table, dialect, target) {
            return Ok(());
        }
        let own = table.column(dialect, source.as_str());
        let (Some(its), Some(own)) = (table.column(dialect, target.as_str()), own) else {
            return Ok(());
        };
        let mut taken = table.names.clone();
        for lack in &left {
            match lack {
                Lack::Comment => {
                    let like = Column { comment: own.comment.clone(), ..its.clone() };
                    steps::redefine(context, target, &like).await?;
                }
                // A change of type does not carry these.
                Lack::Type { .. }
                | Lack::Default(_)
                | Lack::Constraint(_)
                | Lack::Statistics(_)
                | Lack::Foreign(_) => {}
                Lack::NotNull => steps::set_not_null(context, target, its).await?,
                Lack::Property(property) => {
                    let (name, given) = (&context.columns().table, std::slice::from_ref(property));
                    let lock =
                        if dialect == Dialect::MariaDb { Lock::Rows } else { Lock::Everyone };
                    context
                        .transaction(lock, async |transaction| {
                            steps::give_properties(transaction, dialect, name, target, given).await
                        })
                        .await?;
                }
                Lack::Index(index) => {
                    let like = |twin: &&Index| {
                        index.is_like(dialect, source.as_str(), twin, target.as_str())
                    };
                    let existing = table.indexes.iter().find(like);
                    let name = existing.map_or_else(
                        || {
                            let stem = format!("{}_{target}_idx", context.columns().table.name);
                            free_name(dialect, &stem, &taken)
                        },
                        |existing| existing.name.clone(),
                    );
                    taken.push(name.clone());
                    let twin = index.on(dialect, source.as_str(), target.as_str())?;
                    let twin = Index { name, clustered: false, replica_identity: false, ..twin };
                    steps::build_index(context, &twin, existing).await?;
                }
            }
        }
        if left.is_empty() {
            steps::set_not_null(context, target, its).await?;
        }
    }
    prove(context, &context.table().await?, (source, target))
}

/// Returns true if making the column NOT NULL was interrupted and has left its check behind.
fn is_unfinished(table: &Table, dialect: Dialect, target: &Identifier) -> bool {
    let column = table.column(dialect, target.as_str());
    table.unfinished_not_null && column.is_some_and(|column| column.not_null)
}

/// Gives the indexes of `from`, which have been built again, the names that they had, in one step: those of
/// `to` have them until then. Can run again.
pub(super) async fn return_names(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    noted: &Definition,
) -> Result<(), StageError> {
    let (dialect, columns) = (context.dialect(), context.columns());
    let (from, to) = (columns.from.as_str(), columns.to.as_str());
    let table = context.table_within(transaction).await?;
    let mut taken = table.names.clone();
    let mut done: Vec<&str> = Vec::new();
    for index in &noted.indexes {
        let like = |own: &&Index| {
            index.is_like(dialect, from, own, from) && !done.contains(&own.name.as_str())
        };
        let all = table.indexes.iter().filter(like).collect::<Vec<_>>();
        // An interrupted run may have given it its name.
        let named = all.iter().find(|own| own.name == index.name);
        let Some(own) = named.or(all.first()) else { continue };
        done.push(&own.name);
        if own.name == index.name {
            continue;
        }
        if let Some(twin) = table.indexes.iter().find(|twin| twin.name == index.name) {
            if !twin.uses(dialect, to)? {
                continue;
            }
            let free = free_name(dialect, &format!("{}_{to}_idx", columns.table.name), &taken);
            rename_index(context, transaction, &twin.name, &free).await?;
            taken.push(free);
        } else if table.names.contains(&index.name) {
            continue;
        }
        rename_index(context, transaction, &own.name, &index.name).await?;
    }
    Ok(())
}

async fn rename_index(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    before: &str,
    after: &str,
) -> Result<(), StageError> {
    let (dialect, table) = (context.dialect(), &context.columns().table);
    let own = steps::quoted(dialect, after)?;
    if dialect == Dialect::MariaDb {
        let sql = format!(
            "ALTER TABLE {} RENAME INDEX {} TO {own}, ALGORITHM=INPLACE",
            dialect.quote_table(table),
            steps::quoted(dialect, before)?
        );
        transaction.execute_unprepared(&sql).await?;
    } else {
        let before = steps::qualified(dialect, table, before)?;
        execute(transaction, &format!("ALTER INDEX {before} RENAME TO {own}"), []).await?;
    }
    steps::crash_point("index", "renamed");
    Ok(())
}

/// Gives the indexes of the column `to`, and its NOT NULL, the names that their counterparts on `from`
/// had, which are gone. Can run again.
pub(super) async fn settle_names(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    noted: &Definition,
) -> Result<(), StageError> {
    let (dialect, columns) = (context.dialect(), context.columns());
    let (from, to) = (columns.from.as_str(), columns.to.as_str());
    let table = context.table_within(transaction).await?;
    let mut done: Vec<&str> = Vec::new();
    for index in &noted.indexes {
        let like = |twin: &&Index| {
            index.is_like(dialect, from, twin, to) && !done.contains(&twin.name.as_str())
        };
        let all = table.indexes.iter().filter(like).collect::<Vec<_>>();
        // An interrupted run may have given it its name.
        let named = all.iter().find(|twin| twin.name == index.name);
        let Some(twin) = named.or(all.first()) else { continue };
        done.push(&twin.name);
        if twin.name == index.name || table.names.contains(&index.name) {
            continue;
        }
        rename_index(context, transaction, &twin.name, &index.name).await?;
    }
    let now = table.column(dialect, to).and_then(|column| column.not_null_name.as_ref());
    if let (Some(now), Some(before)) = (now, &noted.column.not_null_name)
        && now != before
    {
        steps::rename_constraint(transaction, dialect, &columns.table, now, before).await?;
    }
    Ok(())
}
