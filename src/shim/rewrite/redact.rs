//! The statement in an error, with `?` for each literal: `SELECT 'x'` becomes `SELECT ?`.

use sqlparser::tokenizer::{Token, Tokenizer};

use super::RewriteError;
use crate::Dialect;
use crate::shim::rewrite::grammar;

impl RewriteError {
    /// Fills in the statement: errors are made deep in the tree, where the text is not at hand.
    pub(super) fn redacted(mut self, dialect: Dialect, text: &str) -> Self {
        let (Self::Parse { sql, .. }
        | Self::Unsupported { sql, .. }
        | Self::UnknownColumns { sql, .. }
        | Self::Conflicting { sql, .. }
        | Self::Ambiguous { sql, .. }
        | Self::Schema { sql, .. }
        | Self::Dropped { sql, .. }
        | Self::Misplaced { sql, .. }) = &mut self;
        *sql = without_literals(dialect, text);
        // A part of the text too: it may be a literal, or have one in it.
        if let Self::Misplaced { what, .. } = &mut self {
            *what = without_literals(dialect, what);
        }
        self
    }
}

/// The longest quoted statement, in bytes: a bulk insert would fill the log.
const LONGEST: usize = 1000;

/// The text with `?` for each literal, cut where it becomes long or unreadable.
pub(crate) fn without_literals(dialect: Dialect, text: &str) -> String {
    let grammar = grammar::grammar(dialect);
    let mut tokens = Vec::new();
    let complete =
        Tokenizer::new(grammar, text).tokenize_with_location_into_buf(&mut tokens).is_ok();
    let mut quoted = String::new();
    for token in &tokens {
        if quoted.len() > LONGEST {
            return quoted + "…";
        }
        match &token.token {
            Token::Word(_) | Token::Whitespace(_) | Token::Placeholder(_) => {
                quoted.push_str(&token.token.to_string());
            }
            literal if is_literal(literal) => quoted.push('?'),
            other => quoted.push_str(&other.to_string()),
        }
    }
    if !complete {
        quoted.push('…');
    }
    quoted.truncate(quoted.trim_end().len());
    quoted
}

fn is_literal(token: &Token) -> bool {
    use Token as T;
    matches!(
        token,
        T::Number(..)
            | T::Char(_)
            | T::SingleQuotedString(_)
            | T::DoubleQuotedString(_)
            | T::TripleSingleQuotedString(_)
            | T::TripleDoubleQuotedString(_)
            | T::DollarQuotedString(_)
            | T::SingleQuotedByteStringLiteral(_)
            | T::DoubleQuotedByteStringLiteral(_)
            | T::TripleSingleQuotedByteStringLiteral(_)
            | T::TripleDoubleQuotedByteStringLiteral(_)
            | T::SingleQuotedRawStringLiteral(_)
            | T::DoubleQuotedRawStringLiteral(_)
            | T::TripleSingleQuotedRawStringLiteral(_)
            | T::TripleDoubleQuotedRawStringLiteral(_)
            | T::NationalStringLiteral(_)
            | T::QuoteDelimitedStringLiteral(_)
            | T::NationalQuoteDelimitedStringLiteral(_)
            | T::EscapedStringLiteral(_)
            | T::UnicodeStringLiteral(_)
            | T::HexStringLiteral(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_not_quoted() {
        let sql = "SELECT \"a\", 'secret', 42, $$x$$ FROM t WHERE b = $1 -- c";
        assert_eq!(
            without_literals(Dialect::Postgres, sql),
            "SELECT \"a\", ?, ?, ? FROM t WHERE b = $1 -- c"
        );
        assert_eq!(without_literals(Dialect::Postgres, "SELECT a, 'open"), "SELECT a, …");
    }

    #[test]
    fn no_part_of_the_text_is_told_with_its_literals() {
        let error =
            RewriteError::misplaced("a || 'secret'").redacted(Dialect::Sqlite, "SELECT 'x'");
        assert_eq!(error.to_string(), "the position of `a || ?` is not certain, in `SELECT ?`");
    }
}
