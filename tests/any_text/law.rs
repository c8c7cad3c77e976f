//! What holds of every text that goes through the rewriter, whoever wrote it.

use std::collections::HashSet;

use handover::Dialect;
use handover::shim::rewrite::{Rewrite, RewriteError, names_mapped_table, rewrite};
use sqlparser::dialect::{Dialect as Grammar, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::tokenizer::{Token, Tokenizer, Whitespace};

use super::setup::Setup;

/// A part of literals that no message may repeat: values may be secrets.
pub const SECRET: &str = "s3cr3t";

/// What became of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    Untouched,
    Edited,
    Refused,
}

/// Checks every law on one text.
///
/// # Panics
/// One of them does not hold.
pub fn holds(setup: &Setup, sql: &str) -> Became {
    let found = rewrite(sql, setup.dialect, &setup.mapping);
    if !names_mapped_table(sql, &setup.mapping) {
        assert_eq!(found, Ok(Rewrite::Untouched), "no renamed table is named in {sql:?}");
        return Became::Untouched;
    }
    stays_itself_among_others(setup, sql, &found);
    match found {
        Ok(Rewrite::Untouched) => Became::Untouched,
        Ok(Rewrite::Edited { sql: new, values }) => {
            placeholders_are_known(setup.dialect, sql, &new, values.as_deref());
            nothing_is_lost(setup, sql, &new);
            can_be_read_again(setup, sql, &new);
            Became::Edited
        }
        Err(error) => {
            no_value_is_told(setup.dialect, sql, &error);
            Became::Refused
        }
    }
}

/// Each `?` of the new text takes a value that was given.
fn placeholders_are_known(dialect: Dialect, sql: &str, new: &str, values: Option<&[usize]>) {
    let count = |sql| tokens(dialect, sql).iter().filter(|token| is_positional(token)).count();
    let (before, after) = (count(sql), count(new));
    match values {
        Some(values) => {
            assert_eq!(values.len(), after, "{sql:?} became {new:?}");
            assert!(values.iter().all(|value| *value < before), "{values:?}: {sql:?}");
        }
        None if dialect == Dialect::Postgres => {}
        None => assert_eq!(before, after, "{sql:?} became {new:?}"),
    }
}

/// No literal, placeholder or comment of the text is gone or another: what is not a name of a
/// renamed table stays as it is.
fn nothing_is_lost(setup: &Setup, sql: &str, new: &str) {
    let dialect = setup.dialect;
    // SQLite takes a name in single quotes too, and the parser does everywhere in `x.'username'`.
    let is_name = |token: &Token, qualified: bool| {
        matches!(token, Token::SingleQuotedString(name) if (dialect == Dialect::Sqlite || qualified)
            && setup.mapping.tables().iter().any(|table| table.column(dialect, name).is_some()))
    };
    let after: HashSet<String> = tokens(dialect, new).iter().map(ToString::to_string).collect();
    let before = tokens(dialect, sql);
    let solid = |token: &&Token| !matches!(token, Token::Whitespace(_));
    for (at, token) in before.iter().enumerate() {
        let qualified = before[..at].iter().rfind(solid) == Some(&Token::Period);
        // A list stands in the place of `users. /* a comment */ *`.
        let in_star = qualified && before[at..].iter().find(solid) == Some(&Token::Mul);
        if is_value(token) && !is_name(token, qualified) && !in_star {
            let text = token.to_string();
            assert!(after.contains(&text), "{text} is lost: {sql:?} became {new:?}");
        }
    }
}

/// The new text is one that the parser knows, and that needs no further edit: its columns are the
/// ones that exist. It may be refused, as one that sets both columns.
fn can_be_read_again(setup: &Setup, sql: &str, new: &str) {
    // SQLite has the word, but the parser knows it on PostgreSQL only. MariaDB has neither it nor
    // the statements that it is put into.
    let readable = match setup.dialect {
        Dialect::Postgres => new.to_owned(),
        Dialect::Sqlite | Dialect::MariaDb => new.replace(" AS MATERIALIZED (", " AS ("),
    };
    assert!(names_mapped_table(&readable, &setup.mapping), "{sql:?} became {new:?}");
    match rewrite(&readable, setup.dialect, &setup.mapping) {
        Ok(Rewrite::Untouched) => {}
        Ok(Rewrite::Edited { sql: again, .. }) => {
            assert_eq!(readable, again, "{sql:?} is not done at once in {setup:?}");
        }
        Err(error) => assert!(
            !matches!(error, RewriteError::Parse { .. } | RewriteError::Misplaced { .. }),
            "{sql:?} became {new:?}: {error}"
        ),
    }
}

/// Other statements around a text change nothing of what it becomes, and nothing of them changes.
fn stays_itself_among_others(setup: &Setup, sql: &str, found: &Result<Rewrite, RewriteError>) {
    const BEFORE: &str = "SELECT 'é😀' /* users.username */ ;\r\n\t";
    const AFTER: &str = "\n;SELECT ü FROM ツ -- users.handle";
    // The tokenizer takes MySQL's `@` for a word together with whatever is behind it.
    if sql.ends_with('@') {
        return;
    }
    // Two signs there, and with the line's end behind them a comment. MariaDB takes them for one at
    // the end of the text too.
    if setup.dialect == Dialect::MariaDb && sql.ends_with("--") {
        return;
    }
    let around = rewrite(&format!("{BEFORE}{sql}{AFTER}"), setup.dialect, &setup.mapping);
    match (found, around) {
        (Ok(Rewrite::Edited { sql: new, values }), Ok(Rewrite::Edited { sql: all, values: v })) => {
            assert_eq!(all, format!("{BEFORE}{new}{AFTER}"), "{sql:?} in {setup:?}");
            assert_eq!(*values, v, "{sql:?} in {setup:?}");
        }
        (Ok(Rewrite::Untouched), Ok(Rewrite::Untouched)) | (Err(_), Err(_)) => {}
        (alone, around) => panic!("{sql:?} alone: {alone:?}\namong others: {around:?}"),
    }
}

/// A message quotes the statement without its values.
fn no_value_is_told(dialect: Dialect, sql: &str, error: &RewriteError) {
    let mut outside = tokens(dialect, sql);
    outside.retain(|token| !is_literal(token) && token.to_string().contains(SECRET));
    if outside.is_empty() && Tokenizer::new(grammar(dialect), sql).tokenize().is_ok() {
        assert!(!error.to_string().contains(SECRET), "{error} tells a value of {sql:?}");
    }
}

fn is_positional(token: &Token) -> bool {
    matches!(token, Token::Placeholder(name) if name == "?")
}

fn is_value(token: &Token) -> bool {
    let space = matches!(
        token,
        Token::Whitespace(Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_))
    );
    space || is_literal(token) || matches!(token, Token::Placeholder(_) | Token::Number(..))
}

fn is_literal(token: &Token) -> bool {
    use Token as T;
    matches!(
        token,
        T::SingleQuotedString(_)
            | T::DollarQuotedString(_)
            | T::EscapedStringLiteral(_)
            | T::NationalStringLiteral(_)
            | T::UnicodeStringLiteral(_)
            | T::HexStringLiteral(_)
            | T::SingleQuotedByteStringLiteral(_)
    )
}

/// The tokens, as far as the text can be taken apart.
fn tokens(dialect: Dialect, sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let whole = Tokenizer::new(grammar(dialect), sql).tokenize_with_location_into_buf(&mut tokens);
    drop(whole);
    tokens.into_iter().map(|token| token.token).collect()
}

fn grammar(dialect: Dialect) -> &'static dyn Grammar {
    match dialect {
        Dialect::Sqlite => &SQLiteDialect {},
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::MariaDb => &MySqlDialect {},
    }
}
