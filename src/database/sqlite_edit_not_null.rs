//! Removes NOT NULL from a column of SQLite's, and puts it back, without rewriting the table.
//!
//! SQLite has no statement for it. Its documentation (section 7 of "ALTER TABLE") gives this way for a
//! change that does not concern the rows: edit the table's definition in `sqlite_schema`, and raise the
//! version of the schema, so that every connection reads it again.

use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};

use super::sqlite_column::{is_word, words_of_column};
use super::{execute, get};
use crate::model::{Identifier, TableName};

/// The part of a column's definition that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedNotNull {
    /// The text, with the space before it.
    text: String,
    /// How many words of the column's definition were before it.
    after: usize,
}

/// Removes NOT NULL from a column. Call it in a transaction that nobody else writes beside.
///
/// # Errors
/// The definition cannot be read, or the database reports an error. Roll the transaction back then.
pub async fn remove_not_null<C: ConnectionTrait>(
    transaction: &C,
    table: &TableName,
    column: &Identifier,
) -> Result<RemovedNotNull, DbErr> {
    let before = definition(transaction, table).await?;
    let (after, removed) =
        without_not_null(&before, column).ok_or_else(|| unreadable(table, column))?;
    replace(transaction, table, &before, &after).await?;
    check(transaction, table, column, false).await?;
    Ok(removed)
}

/// Puts NOT NULL back where it was. Every row has to have a value.
///
/// # Errors
/// The definition cannot be read, or the database reports an error. Roll the transaction back then.
pub async fn put_back_not_null<C: ConnectionTrait>(
    transaction: &C,
    table: &TableName,
    column: &Identifier,
    removed: &RemovedNotNull,
) -> Result<(), DbErr> {
    let before = definition(transaction, table).await?;
    let after = with_not_null(&before, column, removed).ok_or_else(|| unreadable(table, column))?;
    replace(transaction, table, &before, &after).await?;
    check(transaction, table, column, true).await
}

/// Reads the text by which SQLite knows a table.
///
/// # Errors
/// There is no such table, or the database reports an error.
pub async fn definition<C: ConnectionTrait>(
    transaction: &C,
    table: &TableName,
) -> Result<String, DbErr> {
    let sql = "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND lower(name) = lower($1)";
    let found: Option<String> = get(transaction, sql, [table.name.as_str().into()]).await?;
    found.ok_or_else(|| DbErr::Custom(format!("there is no table `{table}`")))
}

fn unreadable(table: &TableName, column: &Identifier) -> DbErr {
    DbErr::Custom(format!("the definition of the column `{column}` of `{table}` cannot be read"))
}

async fn replace<C: ConnectionTrait>(
    transaction: &C,
    table: &TableName,
    before: &str,
    after: &str,
) -> Result<(), DbErr> {
    let version: Option<i64> = get(transaction, "PRAGMA main.schema_version", []).await?;
    let next = version.unwrap_or_default() + 1;
    transaction.execute_unprepared("PRAGMA writable_schema = ON").await?;
    let sql = "UPDATE main.sqlite_schema SET sql = $1 WHERE type = 'table' \
               AND lower(name) = lower($2) AND sql = $3";
    let values = [after.into(), table.name.as_str().into(), before.into()];
    let replaced = execute(transaction, sql, values).await;
    if replaced.is_ok() {
        transaction.execute_unprepared(&format!("PRAGMA main.schema_version = {next}")).await?;
    }
    // Also reads the schema again, so that a definition that SQLite cannot read fails here.
    transaction.execute_unprepared("PRAGMA writable_schema = RESET").await?;
    match replaced? {
        1 => Ok(()),
        _ => Err(DbErr::Custom(format!("the definition of `{table}` has just changed"))),
    }
}

/// Lets SQLite say whether the column refuses NULL now.
async fn check<C: ConnectionTrait>(
    transaction: &C,
    table: &TableName,
    column: &Identifier,
    expected: bool,
) -> Result<(), DbErr> {
    let sql = "SELECT \"notnull\" FROM pragma_table_xinfo($1) WHERE lower(name) = lower($2)";
    let values = [table.name.as_str().into(), column.as_str().into()];
    let found: Option<bool> = get(transaction, sql, values).await?;
    if found == Some(expected) { Ok(()) } else { Err(unreadable(table, column)) }
}

/// A definition without the NOT NULL of a column, and the part that was removed.
///
/// `CREATE TABLE t (id INTEGER, a TEXT NOT NULL)` → `CREATE TABLE t (id INTEGER, a TEXT)`
fn without_not_null(sql: &str, column: &Identifier) -> Option<(String, RemovedNotNull)> {
    let words = words_of_column(sql, column)?;
    let is = |at: usize, word: &str| words.get(at).is_some_and(|(_, token)| is_word(token, word));
    let not = (1..words.len()).find(|at| is(*at, "NOT") && is(*at + 1, "NULL"))?;
    let last = if is(not + 2, "ON") && is(not + 3, "CONFLICT") { not + 4 } else { not + 1 };
    let first = if not >= 3 && is(not - 2, "CONSTRAINT") { not - 2 } else { not };
    let start = words.get(first - 1)?.0.end;
    let end = words.get(last)?.0.end;
    let removed = RemovedNotNull { text: sql.get(start..end)?.to_owned(), after: first };
    Some((format!("{}{}", sql.get(..start)?, sql.get(end..)?), removed))
}

/// The definition with the part put back.
fn with_not_null(sql: &str, column: &Identifier, removed: &RemovedNotNull) -> Option<String> {
    let words = words_of_column(sql, column)?;
    // Somebody may have changed the column's definition since.
    let at = removed.after.min(words.len()).checked_sub(1)?;
    let start = words.get(at)?.0.end;
    Some(format!("{}{}{}", sql.get(..start)?, removed.text, sql.get(start..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_without_not_null_gets_it_back_byte_for_byte() {
        for (column, sql, without) in [
            (
                "a",
                "CREATE TABLE t (id INTEGER, a TEXT NOT NULL)",
                "CREATE TABLE t (id INTEGER, a TEXT)",
            ),
            (
                "a",
                "CREATE TABLE t(\"a\"  varchar(9)\n not  null -- é, a\n, b int NOT NULL)",
                "CREATE TABLE t(\"a\"  varchar(9) -- é, a\n, b int NOT NULL)",
            ),
            (
                "A",
                "CREATE TABLE é (a TEXT CONSTRAINT \"x y\" NOT NULL ON CONFLICT FAIL CHECK (a NOT NULL))",
                "CREATE TABLE é (a TEXT CHECK (a NOT NULL))",
            ),
            (
                "b",
                "CREATE TABLE t (a TEXT NOT NULL, [b] NOT NULL DEFAULT (1 + (2)), CHECK (b > 0))",
                "CREATE TABLE t (a TEXT NOT NULL, [b] DEFAULT (1 + (2)), CHECK (b > 0))",
            ),
            (
                "not",
                "CREATE TABLE t (\"not\" INT DEFAULT 'x, y' UNIQUE NOT NULL) STRICT",
                "CREATE TABLE t (\"not\" INT DEFAULT 'x, y' UNIQUE) STRICT",
            ),
        ] {
            let column = Identifier::new(column).unwrap();
            let (found, removed) = without_not_null(sql, &column).unwrap();
            assert_eq!(found, without);
            assert_eq!(with_not_null(&found, &column, &removed).unwrap(), sql);
        }
    }

    #[test]
    fn a_column_that_takes_null_has_nothing_to_remove() {
        let column = Identifier::new("a").unwrap();
        for sql in [
            "CREATE TABLE t (a TEXT, b TEXT NOT NULL)",
            "CREATE TABLE t (a TEXT CHECK (a IS NOT NULL))",
            "CREATE TABLE t (b TEXT NOT NULL)",
            "CREATE TABLE t (a TEXT DEFAULT 'NOT NULL')",
        ] {
            assert_eq!(without_not_null(sql, &column), None, "{sql}");
        }
    }
}
