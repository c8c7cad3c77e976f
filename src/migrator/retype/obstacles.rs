//! What stands in the way of giving a column another type.

use sea_orm::DatabaseTransaction;

use super::super::context::Context;
use super::super::stage_error::StageError;
use super::sqlite_definition;
use crate::database::catalog::{Column, Index, Property, Table};
use crate::database::{Dialect, get, rows};
use crate::model::Identifier;
use crate::plan::Obstacle;

/// The refusal of a column, with what stands in the way.
pub(super) fn unfit(context: &Context<'_>, column: &Identifier, what: Vec<String>) -> StageError {
    unfit_for(context, column, what.into_iter().map(Obstacle::hard).collect())
}

/// The same for obstacles of which the user may allow some.
pub(super) fn unfit_for(
    context: &Context<'_>,
    column: &Identifier,
    obstacles: Vec<Obstacle>,
) -> StageError {
    StageError::Unfit {
        table: context.declared.columns().table.clone(),
        column: column.clone(),
        done: DONE,
        obstacles,
        other_way: None,
    }
}

const DONE: &str = "given another type";

/// The same refusal, in the words of this kind of change.
pub(super) fn given_another_type(error: StageError) -> StageError {
    match error {
        StageError::Unfit { table, column, obstacles, other_way, .. } => {
            StageError::Unfit { table, column, done: DONE, obstacles, other_way }
        }
        other => other,
    }
}

/// The same refusal, with the reason of the database for which there has to be a second column.
pub(super) fn with_reason(error: StageError, reason: String) -> StageError {
    match error {
        StageError::Unfit { table, column, done, mut obstacles, other_way } => {
            obstacles.insert(0, Obstacle::hard(reason));
            StageError::Unfit { table, column, done, obstacles, other_way }
        }
        other => other,
    }
}

pub(super) fn of_table(
    dialect: Dialect,
    table: &Table,
    name: &Identifier,
) -> Result<Vec<String>, StageError> {
    let name = name.as_str();
    let Some(column) = table.column(dialect, name) else { return Ok(Vec::new()) };
    let mut found = of_column(dialect, column);
    if let crate::database::catalog::Key::Columns(key) = &table.key
        && key.iter().any(|own| dialect.same_column(&own.name, name))
    {
        found.push("it is part of a key".to_owned());
    }
    for index in table.indexes_of(dialect, name)? {
        if let Some(why) = of_index(dialect, index, name) {
            found.push(format!("the index `{}` {why}", index.name));
        }
    }
    for constraint in table.constraints_of(dialect, name)? {
        found.push(format!("the {} `{}` uses it", constraint.kind(), constraint.name));
    }
    for statistics in table.statistics_of(name)? {
        found.push(format!("the statistics `{}` use it", statistics.name));
    }
    if table.sequences.iter().any(|(own, _)| own == name) {
        found.push("it owns a sequence".to_owned());
    }
    Ok(found)
}

fn of_column(dialect: Dialect, column: &Column) -> Vec<String> {
    let mut found = Vec::new();
    if !column.default_repeats || column.identity.is_some() {
        found.push("its default differs each time it is computed".to_owned());
    }
    if let Some(collation) = column.collation.as_ref().filter(|_| dialect != Dialect::MariaDb) {
        found.push(format!("it has the collation {collation}"));
    }
    if column.check.is_some() {
        found.push("its definition has a check".to_owned());
    }
    if column.on_update {
        found.push("an UPDATE sets it by itself".to_owned());
    }
    let kept = |own: &&Property| matches!(own, Property::Storage(_) | Property::Compression(_));
    found.extend(column.properties.iter().filter(kept).map(|own| format!("it has {own}")));
    found
}

/// Why an index would not be the same on a column of another type.
fn of_index(dialect: Dialect, index: &Index, name: &str) -> Option<&'static str> {
    let is_it = |own: &str| dialect.same_column(own, name);
    if index.primary {
        return Some("is the primary key");
    }
    if index.deferrable.is_some() {
        return Some("is checked at the end of a transaction (DEFERRABLE)");
    }
    if index.replica_identity {
        return Some("is the replica identity");
    }
    if index.clustered {
        return Some("is the one that CLUSTER uses");
    }
    if index.predicate.is_some() || index.columns.iter().any(|part| part.expression.is_some()) {
        return Some("has an expression");
    }
    if !matches!(index.method.to_lowercase().as_str(), "btree" | "") {
        return Some("is not a B-tree");
    }
    // Behind the name stand a collation, an operator class, or a length. The order stays, and so does the
    // collation that SQLite always names.
    let plain = |suffix: &str| {
        suffix.split_whitespace().all(|word| {
            let word = word.trim_matches(['"', '`']).to_uppercase();
            matches!(word.as_str(), "ASC" | "DESC" | "NULLS" | "FIRST" | "LAST")
                || dialect == Dialect::Sqlite && matches!(word.as_str(), "COLLATE" | "BINARY")
        })
    };
    let own = index.columns.iter().filter(|part| is_it(&part.name));
    (!own.clone().all(|part| plain(&part.suffix)))
        .then_some("has a collation, an operator class or a length")
}

/// The constraints of SQLite's own text, and the foreign keys that use the column.
pub(super) async fn of_sqlite(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    column: &Identifier,
) -> Result<Vec<String>, StageError> {
    let table = &context.columns().table;
    let definition = sqlite_definition::read(transaction, table).await?;
    let mut found = sqlite_definition::constraints_on(&definition, column.as_str());
    let sql = "SELECT i.name AS name FROM pragma_table_list($1) l, pragma_index_list($1) i, \
               pragma_index_info(i.name) c WHERE l.schema = 'main' AND l.strict AND i.\"unique\" \
               AND lower(c.name) = lower($2)";
    let values = [table.name.as_str().into(), column.as_str().into()];
    for row in rows(transaction, sql, values).await? {
        let name: String = row.try_get("", "name")?;
        // Its values are exchanged in two steps, with values of no type in between.
        found.push(format!("the index `{name}` refuses duplicates, in a table that is STRICT"));
    }
    let sql = "SELECT count(*) FROM pragma_foreign_key_list($1) WHERE lower(\"from\") = lower($2)";
    let values = [table.name.as_str().into(), column.as_str().into()];
    if get::<i64, _, _>(transaction, sql, values).await?.unwrap_or(0) > 0 {
        found.push("a foreign key of the table uses it".to_owned());
    }
    let sql = "SELECT m.name AS name FROM sqlite_schema m, pragma_foreign_key_list(m.name) f \
               WHERE m.type = 'table' AND lower(f.\"table\") = lower($1) \
               AND lower(f.\"to\") = lower($2)";
    let values = [table.name.as_str().into(), column.as_str().into()];
    for row in rows(transaction, sql, values).await? {
        let name: String = row.try_get("", "name")?;
        found.push(format!("a foreign key of `{name}` refers to it"));
    }
    Ok(found)
}
