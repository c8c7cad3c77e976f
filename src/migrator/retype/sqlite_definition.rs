//! The text by which SQLite knows a table: the type and the default of a column in it.
//!
//! SQLite has no statement that changes the type of a column. Its manual describes how to change the text
//! instead ("Making Other Kinds Of Table Schema Changes", PRAGMA `writable_schema`).

use std::ops::Range;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::super::stage_error::StageError;
use crate::database::{execute, get, rows};
use crate::model::{Identifier, TableName};

/// Reads the text of a table.
pub(super) async fn read(
    transaction: &DatabaseTransaction,
    table: &TableName,
) -> Result<String, StageError> {
    let sql = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower($1)";
    let found: Option<String> = get(transaction, sql, [table.name.as_str().into()]).await?;
    found.ok_or_else(|| StageError::NoTable { table: table.clone() })
}

/// Gives a column of a table this type and, if it has one, this default. Nothing else of the table
/// changes, or the transaction fails.
pub(super) async fn change(
    transaction: &DatabaseTransaction,
    table: &TableName,
    column: &Identifier,
    (sql_type, default): (&str, Option<&str>),
) -> Result<(), StageError> {
    let text = read(transaction, table).await?;
    let unreadable = || {
        let what = format!("the definition of `{table}` cannot be read: {text}");
        StageError::Database(DbErr::Custom(what))
    };
    let changed = with_type(&text, column.as_str(), sql_type, default).ok_or_else(unreadable)?;
    let mut wanted = columns(transaction, table).await?;
    for own in &mut wanted {
        if own.0.eq_ignore_ascii_case(column.as_str()) {
            sql_type.clone_into(&mut own.1);
            own.3 = own.3.as_ref().map(|before| default.unwrap_or(before).to_owned());
        }
    }
    transaction.execute_unprepared("PRAGMA writable_schema = ON").await?;
    let sql = "UPDATE sqlite_schema SET sql = $1 WHERE type = 'table' AND lower(name) = lower($2)";
    let written = execute(transaction, sql, [changed.into(), table.name.as_str().into()]).await;
    // Reads the text anew, also where it could not be written.
    transaction.execute_unprepared("PRAGMA writable_schema = RESET").await?;
    written?;
    let version: i64 = get(transaction, "PRAGMA schema_version", []).await?.unwrap_or_default();
    // Other sessions read the text anew.
    let next = format!("PRAGMA schema_version = {}", version + 1);
    transaction.execute_unprepared(&next).await?;
    // SQLite writes the names of its own types in upper case.
    let same = |(a, b): (&Described, &Described)| {
        (a.0 == b.0, a.2, &a.3, a.4) == (true, b.2, &b.3, b.4) && a.1.eq_ignore_ascii_case(&b.1)
    };
    let found = columns(transaction, table).await?;
    let is_as_wanted = found.len() == wanted.len() && found.iter().zip(&wanted).all(same);
    if is_as_wanted { Ok(()) } else { Err(unreadable()) }
}

/// The name, type, NOT NULL, default and place in the key of each column.
type Described = (String, String, bool, Option<String>, i64);

async fn columns(
    transaction: &DatabaseTransaction,
    table: &TableName,
) -> Result<Vec<Described>, DbErr> {
    let sql =
        "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo($1) ORDER BY cid";
    let found = rows(transaction, sql, [table.name.as_str().into()]).await?;
    let column = |row: &sea_orm::QueryResult| {
        Ok((
            row.try_get("", "name")?,
            row.try_get("", "type")?,
            row.try_get("", "notnull")?,
            row.try_get("", "dflt_value")?,
            row.try_get("", "pk")?,
        ))
    };
    found.iter().map(column).collect()
}

/// The words that end the type of a column.
const CONSTRAINTS: [Keyword; 10] = [
    Keyword::CONSTRAINT,
    Keyword::PRIMARY,
    Keyword::NOT,
    Keyword::NULL,
    Keyword::UNIQUE,
    Keyword::CHECK,
    Keyword::DEFAULT,
    Keyword::COLLATE,
    Keyword::REFERENCES,
    Keyword::GENERATED,
];

/// The tokens of a definition, without spaces and comments, each with its bytes.
fn tokens(sql: &str) -> Option<Vec<(Token, Range<usize>)>> {
    let found = Tokenizer::new(&SQLiteDialect {}, sql).tokenize_with_location().ok()?;
    let mut starts = vec![0];
    starts.extend(sql.match_indices('\n').map(|(at, _)| at + 1));
    let byte = |line: u64, column: u64| {
        let start = *starts.get(usize::try_from(line).ok()?.checked_sub(1)?)?;
        let skipped = usize::try_from(column).ok()?.checked_sub(1)?;
        let rest = &sql[start..];
        Some(rest.char_indices().nth(skipped).map_or(sql.len(), |(at, _)| start + at))
    };
    let significant = |own: &TokenWithSpan| !matches!(own.token, Token::Whitespace(_));
    found
        .into_iter()
        .filter(significant)
        .map(|own| {
            let (start, end) = (own.span.start, own.span.end);
            Some((own.token, byte(start.line, start.column)?..byte(end.line, end.column)?))
        })
        .collect()
}

fn depths(tokens: &[(Token, Range<usize>)]) -> Vec<usize> {
    let mut depth = 0_usize;
    let step = |(token, _): &(Token, Range<usize>)| {
        if *token == Token::RParen {
            depth = depth.saturating_sub(1);
        }
        let here = depth;
        if *token == Token::LParen {
            depth += 1;
        }
        here
    };
    tokens.iter().map(step).collect()
}

fn names(token: &Token, column: &str) -> bool {
    match token {
        Token::Word(word) => word.value.eq_ignore_ascii_case(column),
        Token::SingleQuotedString(text) | Token::DoubleQuotedString(text) => {
            text.eq_ignore_ascii_case(column)
        }
        _ => false,
    }
}

fn keyword(token: &Token) -> Option<Keyword> {
    match token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.keyword),
        _ => None,
    }
}

/// The tokens of the column's definition: its name, and everything up to the next comma.
fn definition(
    tokens: &[(Token, Range<usize>)],
    depths: &[usize],
    column: &str,
) -> Option<Range<usize>> {
    let open = tokens.iter().position(|(token, _)| *token == Token::LParen)?;
    let first = open + 1;
    let mut from = first;
    for at in first..tokens.len() {
        let ends = depths[at] == 1 && tokens[at].0 == Token::Comma
            || depths[at] == 0 && tokens[at].0 == Token::RParen;
        if !ends {
            continue;
        }
        if names(&tokens.get(from)?.0, column) {
            return Some(from..at);
        }
        if depths[at] == 0 {
            return None;
        }
        from = at + 1;
    }
    None
}

/// The text with another type and, if the column has a default, another default.
fn with_type(sql: &str, column: &str, sql_type: &str, default: Option<&str>) -> Option<String> {
    let tokens = tokens(sql)?;
    let depths = depths(&tokens);
    let own = definition(&tokens, &depths, column)?;
    let ends = |at: &usize| {
        depths[*at] == 1 && keyword(&tokens[*at].0).is_some_and(|word| CONSTRAINTS.contains(&word))
    };
    let end = (own.start + 1..own.end).find(ends).unwrap_or(own.end);
    let name = tokens[own.start].1.end;
    let behind = tokens[end - 1].1.end;
    let mut changed = format!("{} {sql_type}", &sql[..name]);
    let said = (end..own.end)
        .find(|at| depths[*at] == 1 && keyword(&tokens[*at].0) == Some(Keyword::DEFAULT));
    let (Some(said), Some(default)) = (said, default) else {
        changed.push_str(&sql[behind..]);
        return Some(changed);
    };
    // A value, maybe with a sign, or an expression in parentheses.
    let mut last = said + 1;
    match tokens.get(last)?.0 {
        Token::Plus | Token::Minus => last += 1,
        Token::LParen => {
            last = (last + 1..own.end)
                .find(|at| depths[*at] == 1 && tokens[*at].0 == Token::RParen)?;
        }
        _ => {}
    }
    let value = tokens.get(said + 1)?.1.start..tokens.get(last)?.1.end;
    changed.push_str(&sql[behind..value.start]);
    changed.push_str(default);
    changed.push_str(&sql[value.end..]);
    Some(changed)
}

/// The clauses of a table's text that depend on the type of a column, in words.
pub(super) fn constraints_on(sql: &str, column: &str) -> Vec<String> {
    let unreadable = || vec!["the definition of its table cannot be read".to_owned()];
    let Some(tokens) = tokens(sql) else { return unreadable() };
    let depths = depths(&tokens);
    let Some(own) = definition(&tokens, &depths, column) else { return unreadable() };
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let word = match keyword(&tokens[at].0) {
            Some(Keyword::CHECK) => "check",
            Some(Keyword::AS) => "generated column",
            Some(Keyword::COLLATE) if own.contains(&at) => {
                found.push("its definition has a collation".to_owned());
                continue;
            }
            _ => continue,
        };
        let is_open = tokens.get(at + 1).is_some_and(|(next, _)| *next == Token::LParen);
        let end = (at + 2..tokens.len())
            .find(|end| tokens[*end].0 == Token::RParen && depths[*end] == depths[at + 1]);
        let (true, Some(end)) = (is_open, end) else { continue };
        if tokens[at + 2..end].iter().any(|(token, _)| names(token, column)) {
            found.push(format!("a {word} of its table uses it"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_of_one_column_changes() {
        for (sql, expect) in [
            (
                "CREATE TABLE users (id integer PRIMARY KEY, age int NOT NULL DEFAULT 7, x text)",
                "CREATE TABLE users (id integer PRIMARY KEY, age bigint NOT NULL DEFAULT '7', x text)",
            ),
            (
                "CREATE TABLE t(\n  a,\n  -- age\n  \"Age\" numeric(10, 2) default (-1 + 2)\n)",
                "CREATE TABLE t(\n  a,\n  -- age\n  \"Age\" bigint default '7'\n)",
            ),
            ("CREATE TABLE t (age)", "CREATE TABLE t (age bigint)"),
            (
                "CREATE TABLE t (`age` unsigned big int CONSTRAINT x NOT NULL, b DEFAULT 'é')",
                "CREATE TABLE t (`age` bigint CONSTRAINT x NOT NULL, b DEFAULT 'é')",
            ),
            (
                "CREATE TABLE t (b int CHECK (b > 0), age int DEFAULT -5)",
                "CREATE TABLE t (b int CHECK (b > 0), age bigint DEFAULT '7')",
            ),
        ] {
            assert_eq!(with_type(sql, "age", "bigint", Some("'7'")).unwrap(), expect);
        }
        assert_eq!(with_type("CREATE TABLE t (b int)", "age", "bigint", None), None);
    }

    #[test]
    fn clauses_that_use_the_column_are_found() {
        let sql = "CREATE TABLE t (age int CHECK (age > 0), b int GENERATED ALWAYS AS (age + 1), \
                   c int CHECK (c > 0))";
        assert_eq!(
            constraints_on(sql, "age"),
            ["a check of its table uses it", "a generated column of its table uses it"]
        );
        assert_eq!(constraints_on(sql, "c"), ["a check of its table uses it"]);
    }
}
