//! The steps of a rewrite: find a mapped name, tokenize, parse, walk the tree, apply the edits.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! UPDATE users SET handle = $1; SELECT handle FROM users
//! -- becomes
//! UPDATE users SET "handle" = $1, "username" = $1; SELECT "username" AS "handle" FROM users
//! ```

use super::outcome::{Analysis, Rewrite, TextProperties};
use super::{Result, RewriteError, Rewriter};
use crate::Dialect;
use crate::shim::known_columns::KnownColumns;
use crate::shim::mapping::Mapping;
use crate::shim::rewrite::parse::{
    ParsedStatement, ParsedText, expand_table_command, keeps_partial_effect, mask, parse,
};
use crate::shim::rewrite::source::{Rendered, Text, has_escaped_identifier, names_mapped_table};

/// Rewrites a text of one or more statements so that each renamed column is read from and written
/// to where it physically is now. Both of its names may be used.
///
/// # Errors
/// The text names a renamed table and cannot be parsed, or has a form whose meaning is not
/// certain. It must not be sent then.
pub fn rewrite(sql: &str, dialect: Dialect, mapping: &Mapping) -> Result<Rewrite, RewriteError> {
    analyze(sql, dialect, mapping, &KnownColumns::default()).map(|analysis| analysis.rewrite)
}

/// Rewrites a text as [`rewrite`] does, with the columns of other tables; also gives what the parser
/// found in it. [`RewriteError::undecided_tables`] says which tables' columns are missing.
///
/// # Errors
/// As of [`rewrite`].
pub fn analyze(
    sql: &str,
    dialect: Dialect,
    mapping: &Mapping,
    known: &KnownColumns,
) -> Result<Analysis, RewriteError> {
    if !names_mapped_table(sql, mapping) {
        return Ok(Analysis {
            rewrite: Rewrite::Untouched,
            properties: None,
            names_dropped: Vec::new(),
        });
    }
    leave_room_for_the_parser();
    // Trees are as deep as a chain of operators is long, and are dropped by recursion, which needs
    // some hundred bytes of stack a level.
    let stack = sql.len().saturating_mul(256).max(512 * 1024);
    stacker::maybe_grow(stack, stack.saturating_mul(2), || edited(sql, dialect, mapping, known))
        .map_err(|error| error.redacted(dialect, sql))
}

/// The parser takes more stack where less than 128 KiB are left, and only in some of its functions:
/// from one of them to the next it needs more than that, without optimisation at least.
fn leave_room_for_the_parser() {
    const ROOM: usize = 512 * 1024;
    if recursive::get_minimum_stack_size() < ROOM {
        recursive::set_minimum_stack_size(ROOM);
    }
}

fn edited(
    sql: &str,
    dialect: Dialect,
    mapping: &Mapping,
    known: &KnownColumns,
) -> Result<Analysis> {
    check_hidden_text(sql, dialect)?;
    let mut text = mask(Text::new(sql, dialect)?);
    if let Some(longer) = expand_table_command(&text) {
        return edited(&longer, dialect, mapping, known);
    }
    let ParsedText { statements, inference_clauses } = parse(&text)?;
    let mut substituted = Vec::new();
    // What a walk learns of a table's columns may change how the table is to be shown.
    let rewriter = loop {
        let mut rewriter =
            Rewriter::new(text, mapping, known, inference_clauses.clone(), substituted.clone());
        for ParsedStatement { tree, tokens } in &statements {
            match tree {
                Some(statement) => rewriter.statement(statement, tokens.clone())?,
                None => rewriter.maintenance(tokens.clone())?,
            }
        }
        if rewriter.to_substitute.is_empty() {
            break rewriter;
        }
        substituted.append(&mut rewriter.to_substitute);
        text = rewriter.text;
    };
    rewriter.check_nothing_missed()?;
    let mut trees = statements.iter().filter_map(|statement| statement.tree.as_ref());
    let properties = Some(TextProperties {
        statements: statements.len(),
        has_upsert: rewriter.has_upsert,
        opens: rewriter.opened,
        keeps_partial_effect: trees.any(keeps_partial_effect),
    });
    let names_dropped = rewriter.names_dropped;
    if rewriter.edits.is_empty() {
        return Ok(Analysis { rewrite: Rewrite::Untouched, properties, names_dropped });
    }
    let Rendered { sql, values } = rewriter.edits.apply(&rewriter.text)?;
    Ok(Analysis { rewrite: Rewrite::Edited { sql, values }, properties, names_dropped })
}

/// Refuses text in which the database sees other names than the tokenizer does.
fn check_hidden_text(sql: &str, dialect: Dialect) -> Result {
    match dialect {
        Dialect::MariaDb if sql.contains("/*!") || sql.contains("/*M!") => {
            Err(RewriteError::unsupported("an executable comment"))
        }
        Dialect::Postgres if has_escaped_identifier(sql) => {
            Err(RewriteError::unsupported("an identifier in Unicode escapes"))
        }
        _ => Ok(()),
    }
}
