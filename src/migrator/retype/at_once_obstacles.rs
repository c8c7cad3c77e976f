//! What keeps a database from changing the type of a column at once, with everything on it as it is.

use sea_orm::DatabaseTransaction;

use super::super::context::Context;
use super::super::stage_error::StageError;
use crate::database::catalog::{Column, Constraint, ConstraintRule, Table};
use crate::database::{Dialect, get};
use crate::model::Identifier;

/// What stands in the way, in words. Keys, indexes, comments and rights stay on the column.
pub(super) fn of_table(
    dialect: Dialect,
    table: &Table,
    column: &Column,
) -> Result<Vec<String>, StageError> {
    let name = column.name.as_str();
    let mut found = table.unfit.clone();
    if column.computed {
        found.push("the database computes its values".to_owned());
    }
    let dependents = table.dependents.iter();
    let fixed = dependents.filter(|own| own.fixes_type && dialect.same_column(&own.column, name));
    found.extend(fixed.map(|own| own.words.clone()));
    for constraint in table.constraints_of(dialect, name)? {
        found.extend(of_constraint(dialect, constraint));
    }
    if column.check.is_some() {
        found.push(
            "its definition has a check, which MariaDB would have to be told again".to_owned(),
        );
    }
    if dialect != Dialect::Postgres {
        return Ok(found);
    }
    for index in table.indexes_of(dialect, name)? {
        if !index.valid {
            found.push(format!(
                "the index `{}` is invalid, and PostgreSQL would build it and keep out everyone meanwhile \
                 (drop it, or `REINDEX INDEX CONCURRENTLY`)",
                index.name
            ));
        } else if !matches!(index.method.as_str(), "btree" | "hash") {
            found.push(format!(
                "the index `{}` is of the kind {}, and PostgreSQL may build it again and keep out everyone \
                 meanwhile",
                index.name, index.method
            ));
        }
        if index.predicate.is_some() || index.columns.iter().any(|part| part.expression.is_some()) {
            found.push(format!(
                "the index `{}` has an expression or a condition, so PostgreSQL would build it again and \
                 keep out everyone meanwhile",
                index.name
            ));
        }
    }
    for statistics in table.statistics_of(name)? {
        found.push(format!("the statistics `{}` would lose their values", statistics.name));
    }
    Ok(found)
}

fn of_constraint(dialect: Dialect, constraint: &Constraint) -> Option<String> {
    let (kind, name) = (constraint.kind(), &constraint.name);
    match (&constraint.rule, dialect) {
        (ConstraintRule::Check { .. }, Dialect::Postgres) => Some(format!(
            "PostgreSQL would read every row for the check `{name}`, and keep out everyone meanwhile"
        )),
        (ConstraintRule::Check { .. }, _) => None,
        (ConstraintRule::ForeignKey { .. }, _) => Some(format!("the {kind} `{name}` uses it")),
    }
}

/// What SQLite would read differently if the table's text had another type.
pub(super) async fn of_sqlite(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    column: &Identifier,
    to_type: &str,
) -> Result<Vec<String>, StageError> {
    let table = &context.columns().table.name;
    let mut found = Vec::new();
    let sql = "SELECT count(*) = 1 AND max(lower(name)) = lower($2) \
               FROM pragma_table_xinfo($1) WHERE pk > 0";
    let values = [table.as_str().into(), column.as_str().into()];
    let is_key = get::<bool, _, _>(transaction, sql, values).await? == Some(true);
    if is_key && to_type.eq_ignore_ascii_case("integer") {
        found.push("a primary key of the type INTEGER is another name of the row id".to_owned());
    }
    let sql = "SELECT strict FROM pragma_table_list($1) WHERE schema = 'main'";
    let is_strict = get::<bool, _, _>(transaction, sql, [table.as_str().into()]).await?;
    let known = ["int", "integer", "real", "text", "blob", "any"];
    if is_strict == Some(true) && !known.iter().any(|own| own.eq_ignore_ascii_case(to_type)) {
        found.push(format!("its table is STRICT, which has no type `{to_type}`"));
    }
    Ok(found)
}

/// What is no longer as it was, in words, but for the type of the column.
pub(super) fn differences(
    dialect: Dialect,
    (before, after): (&Table, &Table),
    column: &Column,
) -> Vec<String> {
    let is_it = |own: &Column| dialect.same_column(&own.name, &column.name);
    let plain = |table: &Table| -> Vec<Column> {
        let described = |own: &Column| {
            let own = own.clone();
            if !is_it(&own) {
                return own;
            }
            // PostgreSQL writes the new type into the text of the default.
            let has_default = own.default.as_ref().map(|_| String::new());
            let default = if dialect == Dialect::Postgres { has_default } else { own.default };
            Column { sql_type: String::new(), default, ..own }
        };
        table.columns.iter().map(described).collect()
    };
    let parts = [
        ("the columns", plain(before) == plain(after)),
        ("the indexes", before.indexes == after.indexes),
        ("the constraints", before.constraints == after.constraints),
        ("the statistics", before.statistics == after.statistics),
        ("the sequences", before.sequences == after.sequences),
        ("the objects that depend on it", before.dependents == after.dependents),
    ];
    let changed = parts.into_iter().filter(|(_, same)| !same);
    changed.map(|(part, _)| format!("{part} would not stay as they are")).collect()
}
