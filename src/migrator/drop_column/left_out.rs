//! Whether the database accepts a row that leaves the column out: it then has its default, or NULL, which
//! a check, a domain or a foreign key may refuse.

use sea_orm::{ConnectionTrait, DatabaseTransaction, TransactionTrait};

use super::super::stage_error::StageError;
use super::needs::is_null;
use crate::database::catalog::{self, Column, ConstraintRule, Table};
use crate::database::{
    Dialect, Fault, checks_of_column, execute, fault, get, plain, rows, sqlite_definition,
};
use crate::model::{Identifier, TableName};

/// Returns what refuses the column's default, or NULL if it has none, in words. Looks at the table and
/// at those that inherit the column.
pub(super) async fn refusals(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    (name, table): (&TableName, &Table),
    column: &Identifier,
) -> Result<Vec<String>, StageError> {
    let mut found = of_table(transaction, dialect, (name, table), column).await?;
    for child in catalog::descendants(transaction, dialect, name).await? {
        let Some(table) = catalog::table(transaction, dialect, &child).await? else { continue };
        for reason in of_table(transaction, dialect, (&child, &table), column).await? {
            if !found.contains(&reason) {
                found.push(format!("of `{child}`, which inherits it: {reason}"));
            }
        }
    }
    Ok(found)
}

async fn of_table(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    (name, table): (&TableName, &Table),
    column: &Identifier,
) -> Result<Vec<String>, StageError> {
    let Some(own) = table.column(dialect, column.as_str()) else { return Ok(Vec::new()) };
    // A value that differs each time is not known beforehand.
    if own.computed || own.identity.is_some() || !own.default_repeats {
        return Ok(Vec::new());
    }
    let value = Value::of(dialect, own);
    if let Some(reason) = value.refused_by_type(transaction).await? {
        return Ok(vec![reason]);
    }
    let mut found = Vec::new();
    for (check, expression) in checks(transaction, dialect, (name, table), own).await? {
        if value.is_refused_by(transaction, (name, own), &expression).await? {
            let which = check.map_or_else(
                || format!("its check `{expression}`"),
                |check| format!("the check `{check}`"),
            );
            found.push(value.refused(&which));
        }
    }
    if !value.is_null {
        let unknown = value.unknown_to_keys(transaction, (name, own)).await?;
        found.extend(
            unknown.into_iter().map(|key| value.refused(&format!("the foreign key `{key}`"))),
        );
    }
    Ok(found)
}

/// The checks that use this column and no other: their names, and their expressions as SQL.
async fn checks(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    (name, table): (&TableName, &Table),
    column: &Column,
) -> Result<Vec<(Option<String>, String)>, StageError> {
    if dialect == Dialect::Sqlite {
        let text = sqlite_definition(transaction, name).await?;
        let own = Identifier::new(&column.name).ok();
        return Ok(own.and_then(|own| checks_of_column(&text, &own)).unwrap_or_default());
    }
    let mut found = Vec::new();
    for constraint in table.constraints_of(dialect, &column.name)? {
        let ConstraintRule::Check { expression, .. } = &constraint.rule else { continue };
        let mut others = table.columns.iter().filter(|other| other.name != column.name);
        let is_enforced = !constraint.suffix.contains("NOT ENFORCED");
        let alone = others.try_fold(true, |alone, other| {
            Ok::<_, StageError>(alone && !constraint.uses(dialect, &other.name)?)
        })?;
        if is_enforced && alone {
            found.push((Some(constraint.name.clone()), expression.clone()));
        }
    }
    // MariaDB has no name for a check in a column's definition.
    found.extend(column.check.iter().map(|expression| (None, expression.clone())));
    Ok(found)
}

/// The value that the column has in a row that leaves it out.
struct Value {
    dialect: Dialect,
    is_null: bool,
    /// As in words: NULL, or its default.
    words: String,
    /// As SQL, of the column's type.
    sql: String,
}

impl Value {
    fn of(dialect: Dialect, column: &Column) -> Self {
        let default = column.default.as_deref().filter(|default| !is_null(default));
        let plain = default.unwrap_or("NULL");
        let sql = match dialect {
            Dialect::Postgres => format!("CAST({plain} AS {})", column.sql_type),
            Dialect::Sqlite if default.is_some() && !column.sql_type.is_empty() => {
                format!("CAST({plain} AS {})", column.sql_type)
            }
            Dialect::Sqlite | Dialect::MariaDb => plain.to_owned(),
        };
        let words = default.map_or_else(|| "NULL".to_owned(), |own| format!("its default `{own}`"));
        Self { dialect, is_null: default.is_none(), words, sql }
    }

    fn refused(&self, by: &str) -> String {
        format!(
            "{by} refuses {}, which the column has in a row that leaves it out: change that, or give the \
             column a default that is accepted",
            self.words
        )
    }

    /// Returns the reason if the type itself refuses the value: a domain may (PostgreSQL).
    async fn refused_by_type(
        &self,
        transaction: &DatabaseTransaction,
    ) -> Result<Option<String>, StageError> {
        if self.dialect != Dialect::Postgres {
            return Ok(None);
        }
        let inner = transaction.begin().await?;
        let tried = execute(&inner, &format!("SELECT {}", self.sql), []).await;
        inner.rollback().await?;
        match tried {
            Ok(_) => Ok(None),
            Err(error) if fault(&error) == Fault::Lock => Err(error.into()),
            Err(error) => {
                let by = format!("its type ({})", plain(&error.to_string()));
                Ok(Some(self.refused(&by)))
            }
        }
    }

    /// Returns true if the expression of a check is false for it.
    async fn is_refused_by<C: ConnectionTrait>(
        &self,
        transaction: &C,
        (table, column): (&TableName, &Column),
        expression: &str,
    ) -> Result<bool, StageError> {
        let (Self { dialect, sql, .. }, quoted) = (self, Identifier::new(&column.name));
        let Ok(quoted) = quoted.map(|own| self.dialect.quote(&own)) else { return Ok(false) };
        let table = dialect.quote(&table.name);
        let sql = format!(
            "SELECT count(*) FROM (SELECT {sql} AS {quoted}) AS {table} WHERE NOT ({expression})"
        );
        match get::<i64, _, _>(transaction, &sql, []).await {
            Ok(found) => Ok(found == Some(1)),
            // It names another column, too: the drop itself is tried, and says so. PostgreSQL has told the
            // columns of a check apart before.
            Err(error) if *dialect != Dialect::Postgres && fault(&error) != Fault::Lock => {
                tracing::debug!(%error, "a check cannot be tried");
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The foreign keys of the column alone that refer to a table without such a row.
    async fn unknown_to_keys<C: ConnectionTrait>(
        &self,
        transaction: &C,
        (table, column): (&TableName, &Column),
    ) -> Result<Vec<String>, StageError> {
        let mut unknown = Vec::new();
        for (key, referenced, part) in keys(transaction, self.dialect, (table, column)).await? {
            let sql = format!("SELECT count(*) FROM {referenced} WHERE {part} = {}", self.sql);
            if get::<i64, _, _>(transaction, &sql, []).await? == Some(0) {
                unknown.push(key);
            }
        }
        Ok(unknown)
    }
}

/// The foreign keys of the column alone: its name, the other table and its column, both as SQL. MariaDB
/// drops no column that has one.
async fn keys<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    (table, column): (&TableName, &Column),
) -> Result<Vec<(String, String, String)>, StageError> {
    let (sql, name) = match dialect {
        Dialect::MariaDb => return Ok(Vec::new()),
        Dialect::Postgres => (
            "SELECT c.conname::text AS name, c.confrelid::regclass::text AS of_table, \
             quote_ident(o.attname) AS part FROM pg_constraint c \
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attname = $2 \
             JOIN pg_attribute o ON o.attrelid = c.confrelid AND o.attnum = c.confkey[1] \
             WHERE c.conrelid = to_regclass($1) AND c.contype = 'f' AND c.conkey = ARRAY[a.attnum]",
            dialect.quote_table(table),
        ),
        Dialect::Sqlite => (
            "SELECT k.\"from\" AS name, '\"' || replace(k.\"table\", '\"', '\"\"') || '\"' AS of_table, \
             '\"' || replace(coalesce(k.\"to\", (SELECT p.name FROM pragma_table_info(k.\"table\") p \
             WHERE p.pk = 1)), '\"', '\"\"') || '\"' AS part FROM pragma_foreign_key_list($1) k \
             WHERE lower(k.\"from\") = lower($2) AND (SELECT count(*) \
             FROM pragma_foreign_key_list($1) own WHERE own.id = k.id) = 1",
            table.name.as_str().to_owned(),
        ),
    };
    let found = rows(transaction, sql, [name.into(), column.name.as_str().into()]).await?;
    let key = |row: &sea_orm::QueryResult| {
        Ok((row.try_get("", "name")?, row.try_get("", "of_table")?, row.try_get("", "part")?))
    };
    Ok(found.iter().map(key).collect::<Result<_, sea_orm::DbErr>>()?)
}
