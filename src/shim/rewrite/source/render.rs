//! Applies the edits to the text, and follows its placeholders.
//!
//! Given in `dual_write` on SQLite:
//!
//! ```sql
//! UPDATE users SET handle = ?, email = ?
//! -- becomes
//! UPDATE users SET `handle` = ?, `username` = ?, email = ?
//! ```

use std::ops::Range;

use sqlparser::tokenizer::Token;

use super::edits::{Edit, Edits, Piece};
use super::text::Text;
use crate::Dialect;
use crate::shim::rewrite::{Result, RewriteError};

/// A text with its edits applied.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub(crate) sql: String,
    /// For each positional placeholder, which of the original ones it was.
    pub(crate) values: Option<Vec<usize>>,
}

struct Output<'a> {
    edits: &'a [Edit],
    /// Outer edits before the ones inside of them.
    order: &'a [usize],
    text: &'a Text<'a>,
    placeholders: &'a [usize],
    applied: Vec<bool>,
    sql: String,
    values: Vec<usize>,
}

impl Output<'_> {
    /// Copies a part of the text, applying those edits inside of it that come at or after `from`
    /// in the order: the ones before contain the part.
    pub(crate) fn copy(&mut self, part: Range<usize>, from: usize) -> Result {
        let mut at = part.start;
        for position in from..self.order.len() {
            let edit = &self.edits[self.order[position]];
            if edit.range.start >= part.end {
                break;
            }
            if edit.range.start < at || edit.range.is_empty() {
                continue;
            }
            if edit.range.end > part.end {
                return Err(RewriteError::misplaced(&self.text.sql[edit.range.clone()]));
            }
            self.verbatim(at..edit.range.start);
            self.applied[self.order[position]] = true;
            for piece in &edit.pieces {
                match piece {
                    Piece::New(text) => self.push(text),
                    Piece::Copy(inner) => {
                        if inner.start < edit.range.start || inner.end > edit.range.end {
                            return Err(RewriteError::misplaced(&self.text.sql[inner.clone()]));
                        }
                        self.copy(inner.clone(), position + 1)?;
                    }
                }
            }
            at = edit.range.end;
        }
        self.verbatim(at..part.end);
        Ok(())
    }

    fn verbatim(&mut self, part: Range<usize>) {
        let first = self.placeholders.partition_point(|at| *at < part.start);
        let end = self.placeholders.partition_point(|at| *at < part.end);
        self.values.extend(first..end.max(first));
        self.push(&self.text.sql[part]);
    }

    /// Adds a part, after a space where it would run into the part before: `SELECT*` needs none,
    /// but what the star becomes does.
    pub(crate) fn push(&mut self, part: &str) {
        if let (Some(last), Some(next)) = (self.sql.chars().next_back(), part.chars().next()) {
            let quotes = ['"', '`'];
            if (is_name(last) && is_name(next)) || (last == next && quotes.contains(&last)) {
                self.sql.push(' ');
            }
        }
        self.sql.push_str(part);
    }
}

impl Edits {
    /// Applies all edits. An edit that is lost, because another one drops or cuts through its
    /// range, is an error.
    pub(crate) fn apply(&self, text: &Text<'_>) -> Result<Rendered> {
        let mut order: Vec<usize> = (0..self.edits.len()).collect();
        order.sort_by_key(|at| {
            let range = &self.edits[*at].range;
            (range.start, std::cmp::Reverse(range.end), std::cmp::Reverse(*at))
        });
        let placeholders = positional(text);
        let mut output = Output {
            edits: &self.edits,
            order: &order,
            text,
            placeholders: &placeholders,
            applied: vec![false; self.edits.len()],
            sql: String::with_capacity(text.sql.len() + 64),
            values: Vec::with_capacity(placeholders.len()),
        };
        output.copy(0..text.sql.len(), 0)?;
        if let Some(lost) = output.applied.iter().position(|applied| !applied) {
            return Err(RewriteError::misplaced(&text.sql[self.edits[lost].range.clone()]));
        }
        let Output { sql, values, .. } = output;
        let unchanged = values.len() == placeholders.len()
            && values.iter().enumerate().all(|(at, value)| at == *value);
        if unchanged {
            return Ok(Rendered { sql, values: None });
        }
        if has_other_parameters(text) {
            return Err(RewriteError::unsupported(
                "a value for two columns given as `?` next to numbered or named parameters",
            ));
        }
        Ok(Rendered { sql, values: Some(values) })
    }
}

pub(crate) fn is_name(c: char) -> bool {
    c == '_' || c == '$' || c.is_alphanumeric()
}

/// The first byte of each positional placeholder.
fn positional(text: &Text<'_>) -> Vec<usize> {
    if text.dialect == Dialect::Postgres {
        return Vec::new();
    }
    parameters(text).filter(|(name, _)| *name == "?").map(|(_, at)| at).collect()
}

fn has_other_parameters(text: &Text<'_>) -> bool {
    parameters(text).any(|(name, _)| name != "?")
}

fn parameters<'t>(text: &'t Text<'_>) -> impl Iterator<Item = (&'t str, usize)> {
    text.tokens().iter().enumerate().filter_map(|(at, token)| match &token.token {
        Token::Placeholder(name) => Some((name.as_str(), text.range(at).start)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_nest_and_placeholders_follow() {
        let text = Text::new("a = f(x, ?) + ?, b = ?", Dialect::Sqlite).unwrap();
        let mut edits = Edits::default();
        edits.replace(6..7, vec![Piece::New("yy".into())]);
        edits
            .replace(4..15, vec![Piece::Copy(4..15), Piece::New(" | ".into()), Piece::Copy(4..15)]);
        let rendered = edits.apply(&text).unwrap();
        assert_eq!(rendered.sql, "a = f(yy, ?) + ? | f(yy, ?) + ?, b = ?");
        assert_eq!(rendered.values, Some(vec![0, 1, 0, 1, 2]));
    }

    #[test]
    fn of_two_edits_of_one_place_the_later_is_outside() {
        let text = Text::new("a", Dialect::Sqlite).unwrap();
        let mut edits = Edits::default();
        edits.replace(0..1, vec![Piece::New("b".into())]);
        edits.replace(0..1, vec![Piece::Copy(0..1), Piece::New(" AS a".into())]);
        assert_eq!(edits.apply(&text).unwrap(), Rendered { sql: "b AS a".into(), values: None });
    }

    #[test]
    fn what_is_put_in_stays_apart_from_what_is_there() {
        let text = Text::new("a*FROM b\"c\"", Dialect::Postgres).unwrap();
        let mut edits = Edits::default();
        edits.replace(1..2, vec![Piece::New("x".into()), Piece::New(".y".into())]);
        edits.replace(7..8, vec![Piece::New("\"d\"".into())]);
        assert_eq!(edits.apply(&text).unwrap().sql, "a x.y FROM \"d\" \"c\"");
    }

    #[test]
    fn a_lost_edit_is_an_error() {
        let text = Text::new("a b c", Dialect::Sqlite).unwrap();
        let mut edits = Edits::default();
        edits.replace(0..3, vec![Piece::New("x".into())]);
        edits.replace(2..3, vec![Piece::New("y".into())]);
        assert!(edits.apply(&text).is_err());
        let mut edits = Edits::default();
        edits.replace(0..3, vec![Piece::New("x".into())]);
        edits.replace(2..5, vec![Piece::New("y".into())]);
        assert!(edits.apply(&text).is_err());
    }
}
