//! Gives one of the two columns the indexes, NOT NULL and other properties of the other one.

use std::fmt;

use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::super::context::{Context, Lock};
use super::super::rename::free_name;
use super::super::stage_error::StageError;
use super::super::steps;
use crate::database::catalog::{Column, Definition, Index, Property, Table, Unreadable};
use crate::database::{Dialect, execute};
use crate::model::Identifier;

/// Something that the other column lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::migrator) enum Lack {
    Comment,
    NotNull,
    Property(Property),
    Index(Box<Index>),
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comment => f.write_str("the comment"),
            Self::NotNull => f.write_str("NOT NULL"),
            Self::Property(property) => property.fmt(f),
            Self::Index(index) => write!(f, "the index `{}`", index.name),
        }
    }
}

/// Returns what `target` lacks of everything that `source` has, apart from its type and default.
///
/// # Errors
/// An expression cannot be read.
pub(in crate::migrator) fn lacks(
    table: &Table,
    dialect: Dialect,
    (source, target): (&Identifier, &Identifier),
) -> Result<Vec<Lack>, Unreadable> {
    let (source, target) = (source.as_str(), target.as_str());
    let (Some(own), Some(its)) = (table.column(dialect, source), table.column(dialect, target))
    else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for index in table.indexes_of(dialect, source)? {
        let has = |twin: &&Index| index.is_equal_to(dialect, source, twin, target);
        if !table.indexes.iter().any(|twin| has(&twin)) {
            found.push(Lack::Index(Box::new(index.clone())));
        }
    }
    // SQLite keeps the column itself, with its NOT NULL.
    if dialect == Dialect::Sqlite {
        return Ok(found);
    }
    if own.comment != its.comment {
        found.push(Lack::Comment);
    }
    if own.not_null && !its.not_null {
        found.push(Lack::NotNull);
    }
    let missing = own.properties.iter().filter(|property| !its.properties.contains(property));
    found.extend(missing.cloned().map(Lack::Property));
    Ok(found)
}

/// Fails if `target` lacks something of `source`.
pub(super) fn prove(
    context: &Context<'_>,
    table: &Table,
    columns: (&Identifier, &Identifier),
) -> Result<(), StageError> {
    let lacks = lacks(table, context.dialect(), columns)?;
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

/// How often the columns are compared: each time, somebody may have changed the table since.
const PASSES: usize = 4;

/// Gives `target` everything that it lacks of `source`, while the app keeps writing. `names` are indexes
/// whose names are taken where they fit, if they are free.
pub(super) async fn carry(
    context: &Context<'_>,
    (source, target): (&Identifier, &Identifier),
    names: &[Index],
) -> Result<(), StageError> {
    let dialect = context.dialect();
    for _ in 0..PASSES {
        let table = context.table().await?;
        let left = lacks(&table, dialect, (source, target))?;
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
                    let known =
                        names.iter().find(|known| like(known) && !taken.contains(&known.name));
                    let name = match (existing, known) {
                        (Some(existing), _) => existing.name.clone(),
                        (None, Some(known)) => known.name.clone(),
                        (None, None) => {
                            let stem = format!("{}_{target}_idx", context.columns().table.name);
                            free_name(dialect, &stem, &taken)
                        }
                    };
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

/// Renames the indexes of `to` that have the names of the indexes that `from` is about to get again.
pub(super) async fn free_names(
    context: &Context<'_>,
    noted: &Definition,
) -> Result<(), StageError> {
    let (dialect, columns) = (context.dialect(), context.columns());
    let table = context.table().await?;
    let mut taken = table.names.clone();
    for index in table.indexes_of(dialect, columns.to.as_str())? {
        if !noted.indexes.iter().any(|before| before.name == index.name) {
            continue;
        }
        let stem = format!("{}_{}_idx", columns.table.name, columns.to);
        let name = free_name(dialect, &stem, &taken);
        taken.push(name.clone());
        context
            .transaction(Lock::Everyone, async |transaction| {
                rename_index(context, transaction, &index.name, &name).await
            })
            .await?;
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
    let quoted = |name: &str| steps::quoted(dialect, name);
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
        let sql = format!(
            "ALTER TABLE {} RENAME CONSTRAINT {} TO {}",
            dialect.quote_table(&columns.table),
            quoted(now)?,
            quoted(before)?
        );
        execute(transaction, &sql, []).await?;
    }
    Ok(())
}
