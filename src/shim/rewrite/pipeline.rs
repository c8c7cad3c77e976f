use super::error::RewriteError;
use super::rewriter::{Done, Rewriter};
use crate::Dialect;
use crate::shim::mapping::Mapping;
use crate::shim::rewrite::parse::mask::mask;
use crate::shim::rewrite::parse::statements::parse;
use crate::shim::rewrite::parse::table_command::spelled_out;
use crate::shim::rewrite::source::prefilter::{has_escaped_identifier, names_mapped_table};
use crate::shim::rewrite::source::render::Rendered;
use crate::shim::rewrite::source::text::Text;

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
    if !names_mapped_table(sql, mapping) {
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
    let mut text = mask(Text::new(sql, dialect)?);
    if let Some(longer) = spelled_out(&text) {
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
        Dialect::Postgres if has_escaped_identifier(sql) => {
            Err(RewriteError::unsupported("an identifier in Unicode escapes"))
        }
        _ => Ok(()),
    }
}
