use std::ops::Range;

use sqlparser::ast::Statement;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::conflict::{self, Arbiters};
use super::edit::Rendered;
use super::error::RewriteError;
use super::grammar;
use super::other;
use super::query::Naming;
use super::rewriter::{Done, Rewriter};
use super::scan;
use super::scope::Env;
use super::table;
use super::text::Text;
use crate::Dialect;
use crate::shim::mapping::Mapping;

/// A statement as it is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rewrite {
    /// As it was.
    Untouched,
    /// With another text.
    Edited {
        /// The new text.
        sql: String,
        /// For each positional placeholder (`?`) of the new text, in order, which of the original
        /// values it takes, counted from 0. `None` where they are as they were, and always on
        /// PostgreSQL, whose `$1` is simply used again.
        values: Option<Vec<usize>>,
    },
}

/// Rewrites a text of one or more statements so that each renamed column is read from and written
/// to where it physically is now. Both of its names may be used.
///
/// # Errors
/// The text names a renamed table and cannot be parsed, or has a form whose meaning is not
/// certain. It must not be sent then.
pub fn rewrite(sql: &str, dialect: Dialect, mapping: &Mapping) -> Result<Rewrite, RewriteError> {
    if !scan::names_mapped_table(sql, mapping) {
        return Ok(Rewrite::Untouched);
    }
    leave_room_for_the_parser();
    // Trees are as deep as a chain of operators is long, and are dropped by recursion, which needs
    // some hundred bytes of stack a level.
    let stack = sql.len().saturating_mul(256).max(512 * 1024);
    stacker::maybe_grow(stack, stack.saturating_mul(2), || edited(sql, dialect, mapping))
        .map_err(|error| error.quoting(dialect, sql))
}

/// The parser takes more stack where less than 128 KiB are left, and only in some of its functions:
/// from one of them to the next it needs more than that, without optimisation at least.
fn leave_room_for_the_parser() {
    const ROOM: usize = 512 * 1024;
    if recursive::get_minimum_stack_size() < ROOM {
        recursive::set_minimum_stack_size(ROOM);
    }
}

fn edited(sql: &str, dialect: Dialect, mapping: &Mapping) -> Done<Rewrite> {
    check_hidden_text(sql, dialect)?;
    let mut text = Text::new(sql, dialect)?;
    if let Some(longer) = table::spelled_out(&text) {
        return edited(&longer, dialect, mapping);
    }
    let (statements, arbiters) = parse(&text)?;
    let mut shown = Vec::new();
    // What a walk learns of a table's columns may change how the table is to be shown.
    let rewriter = loop {
        let mut rewriter = Rewriter::new(text, mapping, arbiters.clone(), shown.clone());
        for (statement, tokens) in &statements {
            match statement {
                Some(statement) => rewriter.statement(statement, tokens.clone())?,
                None => rewriter.maintenance(tokens.clone())?,
            }
        }
        if rewriter.wanted.is_empty() {
            break rewriter;
        }
        shown.append(&mut rewriter.wanted);
        text = rewriter.text;
    };
    rewriter.check_nothing_missed()?;
    if rewriter.edits.is_empty() {
        return Ok(Rewrite::Untouched);
    }
    let Rendered { sql, values } = rewriter.edits.apply(&rewriter.text)?;
    Ok(Rewrite::Edited { sql, values })
}

/// Refuses text in which the database sees other names than the tokenizer does.
fn check_hidden_text(sql: &str, dialect: Dialect) -> Done {
    match dialect {
        Dialect::Mysql if sql.contains("/*!") || sql.contains("/*M!") => {
            Err(RewriteError::unsupported("an executable comment"))
        }
        Dialect::Postgres if scan::has_escaped_identifier(sql) => {
            Err(RewriteError::unsupported("an identifier in Unicode escapes"))
        }
        _ => Ok(()),
    }
}

/// A statement, `None` where it need not be read, and its tokens.
type Parsed = (Option<Statement>, Range<usize>);

/// The statements of a text.
fn parse(text: &Text<'_>) -> Done<(Vec<Parsed>, Arbiters)> {
    let (tokens, arbiters) = conflict::without_arbiters(text);
    let mut parser = Parser::new(grammar::grammar(text.dialect)).with_tokens_with_locations(tokens);
    let mut statements = Vec::new();
    loop {
        while parser.consume_token(&Token::SemiColon) {}
        if parser.peek_token_ref().token == Token::EOF {
            return Ok((statements, arbiters));
        }
        let start = text.next(parser.index());
        let statement = if other::is_maintenance(text, start) {
            while !matches!(parser.peek_token_ref().token, Token::EOF | Token::SemiColon) {
                parser.next_token();
            }
            None
        } else {
            Some(parser.parse_statement().map_err(|error| parse_error(&error))?)
        };
        let end = parser.index().min(text.tokens().len());
        if !matches!(parser.peek_token_ref().token, Token::EOF | Token::SemiColon) {
            let at = parser.peek_token_ref().span.start;
            let reason = format!("expected the end of the statement{at}");
            return Err(RewriteError::Parse { sql: String::new(), reason });
        }
        statements.push((statement, start..text.trimmed(start, end)));
    }
}

/// What the parser expected and where, without what it found: that may be a literal.
fn parse_error(error: &ParserError) -> RewriteError {
    let reason = match error {
        ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => {
            let expected = message
                .split_once(", found: ")
                .and_then(|(expected, _)| expected.strip_prefix("Expected: "));
            let place = message.rfind(" at Line: ").map_or("", |at| &message[at..]);
            format!("expected {}{place}", expected.unwrap_or("something else"))
        }
    };
    RewriteError::Parse { sql: String::new(), reason }
}

impl Rewriter<'_> {
    fn statement(&mut self, statement: &Statement, tokens: Range<usize>) -> Done {
        self.walked = tokens.clone();
        let env = Env { outer: None, ctes: None };
        match statement {
            Statement::Query(query) => self.query(query, env, Naming::Seen).map(drop),
            Statement::Insert(insert) => self.insert(insert, &env).map(drop),
            Statement::Update(update) => self.update(update, &env).map(drop),
            Statement::Delete(delete) => self.delete(delete, &env).map(drop),
            Statement::Merge(merge) => self.merge(merge, &env),
            Statement::Explain { statement, .. } => self.statement(statement, tokens),
            Statement::Copy { source, to: true, .. } => self.copy(source, &env),
            Statement::Declare { stmts } => self.declare(stmts, &env),
            Statement::CreateTable(table) if self.is_filled(table) => {
                self.create_filled(table, &env)
            }
            other => self.other(other, tokens),
        }
    }
}
