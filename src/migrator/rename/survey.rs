//! The table as it is now, and the obstacles to a rename in the database.

use super::super::allowed_objects::declared;
use super::super::context::Context;
use super::super::new_name::unfit;
use super::super::stage_error::StageError;
use super::named_obstacles::named_obstacles;
use crate::database::catalog::{Column, ConstraintRule, Table, Unreadable, stands_alone};
use crate::database::{Dialect, get};
use crate::model::{ColumnPair, Identifier};
use crate::plan::Obstacle;
use sea_orm::DatabaseTransaction;

/// The maximum number of indexes of a table on MariaDB.
const MARIADB_INDEXES: usize = 64;

/// Looks at the table before or while there is a second column: see [`survey`].
pub(super) async fn survey_for_copy(
    context: &Context<'_>,
    source: &Identifier,
    target: &Identifier,
) -> Result<Table, StageError> {
    survey(context, (source, target), true).await
}

/// Looks at the table, and refuses everything that cannot be carried over from `source` to `target`; if the
/// change `doubles` the column, also what would stop at a second one. Changes nothing.
pub(in crate::migrator) async fn survey(
    context: &Context<'_>,
    (source, target): (&Identifier, &Identifier),
    doubles: bool,
) -> Result<Table, StageError> {
    let rename = context.declared.columns();
    let declared = declared(context).await?;
    let (table, obstacles) = context
        .reading(async |transaction| {
            let table = context.table_within(transaction).await?;
            let mut found = obstacles(&table, context.dialect(), rename, source)?;
            found.extend(broken_checks(context, transaction, &table).await?);
            let columns = (source, target);
            found.extend(
                named_obstacles(context, transaction, columns, (&declared, doubles)).await?,
            );
            Ok((table, found))
        })
        .await?;
    if obstacles.is_empty() { Ok(table) } else { Err(unfit(rename, source, obstacles)) }
}

/// The checks that are not valid, and that some rows break: nobody can update such a row, so it cannot
/// be copied.
async fn broken_checks(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    table: &Table,
) -> Result<Vec<Obstacle>, StageError> {
    let mut found = Vec::new();
    let name = context.dialect().quote_table(&context.columns().table);
    for constraint in table.constraints.iter().filter(|constraint| !constraint.valid) {
        let ConstraintRule::Check { expression, .. } = &constraint.rule else { continue };
        if constraint.suffix.contains("NOT ENFORCED") {
            continue;
        }
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {name} WHERE NOT ({expression}))");
        if get::<bool, _, _>(transaction, &sql, []).await? == Some(true) {
            found.push(Obstacle::hard(format!(
                "rows break the check `{}`, which is not valid, and cannot be updated",
                constraint.name
            )));
        }
    }
    Ok(found)
}

/// The obstacles on the table to giving up `source` for another column.
fn obstacles(
    table: &Table,
    dialect: Dialect,
    rename: &ColumnPair,
    source: &Identifier,
) -> Result<Vec<Obstacle>, StageError> {
    let name = source.as_str();
    let mut found: Vec<Obstacle> = table.unfit.iter().map(Obstacle::hard).collect();
    let Some(column) = table.column(dialect, name) else {
        if !found.is_empty() {
            return Ok(found);
        }
        let (table, column) = (rename.table.clone(), source.clone());
        return Err(StageError::NoColumn { table, column });
    };
    found.extend(of_column(column, dialect).map(Obstacle::hard));
    let dependents = table.dependents.iter().map(|own| (&own.column, &own.words));
    let kept = dependents.chain(table.uncopied.iter().map(|(own, words)| (own, words)));
    let depends = kept.filter(|(own, _)| dialect.same_column(own, name));
    found.extend(depends.map(|(_, words)| Obstacle::hard(words.clone())));
    found.extend(unreadable(table, dialect, name));
    if !found.is_empty() {
        return Ok(found);
    }
    let indexes = table.indexes_of(dialect, name)?;
    if dialect == Dialect::MariaDb && column.not_null && table.columns.iter().any(|own| own.stored)
    {
        found.push(Obstacle::hard(
            "it is NOT NULL, and MariaDB changes no column in place beside a STORED generated one",
        ));
    }
    if dialect == Dialect::MariaDb && table.indexes.len() + indexes.len() > MARIADB_INDEXES {
        found.push(Obstacle::hard(format!(
            "the table has {} keys, the copy needs {} more, and a table can have {MARIADB_INDEXES}",
            table.indexes.len(),
            indexes.len()
        )));
    }
    Ok(found)
}

/// The objects whose expression cannot be read, so that they may be about the column.
fn unreadable(table: &Table, dialect: Dialect, name: &str) -> Vec<Obstacle> {
    let indexes = table.indexes.iter().map(|own| ("index", &own.name, own.uses(dialect, name)));
    let constraints =
        table.constraints.iter().map(|own| (own.kind(), &own.name, own.uses(dialect, name)));
    let statistics = table.statistics.iter().map(|own| ("statistics", &own.name, own.uses(name)));
    let all = indexes.chain(constraints).chain(statistics);
    let obstacle = |(kind, own, uses): (&str, &String, Result<bool, Unreadable>)| {
        let error = uses.err()?;
        Some(Obstacle::hard(format!("the {kind} `{own}` may be about it: {error}")))
    };
    all.filter_map(obstacle).collect()
}

fn of_column(column: &Column, dialect: Dialect) -> Option<String> {
    if column.computed {
        return Some(
            match dialect {
                Dialect::Sqlite => {
                    "the database computes its values (a generated column, or a name of the row id)"
                }
                Dialect::Postgres => "the database computes its values (a generated column)",
                Dialect::MariaDb => {
                    "the database computes its values (AUTO_INCREMENT, generated, ON UPDATE)"
                }
            }
            .to_owned(),
        );
    }
    if let Some(default) = column.default.as_deref().filter(|_| !column.default_repeats)
        && !stands_alone(dialect, default)
    {
        return Some(format!("its default `{default}` names other columns or a sequence"));
    }
    // The check is written anew for the copy, and the parser takes a backslash in a text for an escape, which
    // it does not write again.
    if column.check.as_deref().is_some_and(|check| check.contains('\\')) {
        return Some(
            "the check in its definition has a backslash, which the copy would not have".to_owned(),
        );
    }
    let timestamp = dialect == Dialect::MariaDb && column.sql_type.starts_with("timestamp");
    (timestamp && column.not_null && column.default.is_none()).then(|| {
        "it is a TIMESTAMP that is NOT NULL and has no default, which MariaDB cannot change while \
         the table is in use"
            .to_owned()
    })
}
