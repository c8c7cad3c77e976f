//! Values that differ each time they are computed, for columns that are written twice.

use std::ops::Range;

use sqlparser::ast::Expr;
use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};

use super::set::Set;
use super::subexpressions::is_default_keyword;
use crate::Dialect;
use crate::model::Identifier;
use crate::shim::mapping::MappedColumn;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::context::Place;
use crate::shim::rewrite::rewriter::{Done, Rewriter};
use crate::shim::rewrite::source::edits::Piece;

/// A value of an insert that is computed once, for the two columns that take it.
pub(crate) struct Once {
    /// The bytes that reading it stands for; empty where nothing stood.
    pub(crate) bytes: Range<usize>,
    pub(crate) value: Piece,
    /// What is put in before and behind it.
    pub(crate) around: (String, &'static str),
}

impl Once {
    /// The value that these bytes are.
    pub(crate) fn of(bytes: Range<usize>) -> Self {
        let value = Piece::Copy(bytes.clone());
        Self { bytes, value, around: Default::default() }
    }
}

impl<'a> Rewriter<'a> {
    /// The default to send for `DEFAULT`, where the database's own would differ for each column.
    pub(super) fn default_of(pair: &MappedColumn, value: &Expr) -> Option<Piece> {
        let default = pair.sent_default().filter(|_| is_default_keyword(value))?;
        Some(Piece::New(format!("({})", default.sql)))
    }

    /// Sets the columns of a pair to one value that is computed once for each row.
    ///
    /// MariaDB assigns from left to right, so the second column takes the first; its `sql_mode`
    /// must not have `SIMULTANEOUS_ASSIGNMENT`. Elsewhere a query gives both. `OFFSET 0` or
    /// `MATERIALIZED` keeps the planner from putting the value in both places; without a condition
    /// that names the row, the query would hang on no row, and might be computed once for all of
    /// them.
    pub(super) fn set_once(&mut self, set: &Set<'_, '_, 'a>, place: Place<'_, 'a>) -> Done {
        let Set { pair, parts, value, until } = *set;
        let (Some(first), Some(ident)) = (parts.first(), parts.last()) else { return Ok(()) };
        let start = self.place(first)?.start;
        let bytes = self.assigned_value(ident, value, until)?;
        let value = Self::default_of(pair, value).unwrap_or_else(|| Piece::Copy(bytes.clone()));
        let mut pieces = self.once(pair, value, place)?;
        let name = self.place(ident)?;
        let comments = self.comments(name.end..bytes.start);
        pieces.splice(1..1, comments);
        self.edits.replace(start..bytes.end, pieces);
        Ok(())
    }

    /// The comments between these bytes, each on a line of its own: one may be ended by that alone.
    fn comments(&self, between: Range<usize>) -> Vec<Piece> {
        let comment = |found: &TokenWithSpan| {
            matches!(
                found.token,
                Token::Whitespace(
                    Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_)
                )
            )
        };
        let tokens = self.text.tokens().iter().enumerate().filter(|(_, found)| comment(found));
        let places = tokens.map(|(at, _)| self.text.place(at));
        places
            .filter(|place| between.start <= place.start && place.end <= between.end)
            .flat_map(|place| [Piece::Copy(place), Piece::New("\n".to_owned())])
            .collect()
    }

    /// The assignment of a value to the columns of a pair.
    pub(crate) fn once(
        &self,
        pair: &MappedColumn,
        value: Piece,
        place: Place<'_, 'a>,
    ) -> Done<Vec<Piece>> {
        let written: Vec<&Identifier> = pair.written().collect();
        let row = place.scope.relations.first().and_then(|table| table.name.as_deref());
        let row = row
            .and_then(|name| Identifier::new(name).ok())
            .ok_or_else(|| RewriteError::unsupported("an assignment to a table of this name"))?;
        let row = self.dialect.quote(&row);
        let columns = self.quoted_list(&written);
        let twice = vec!["v"; written.len()].join(", ");
        let (before, after) = match self.dialect {
            Dialect::Postgres => (
                format!("({columns}) = (SELECT {twice} FROM (SELECT "),
                format!(" AS v WHERE {row}.ctid IS NOT NULL OFFSET 0) AS x)"),
            ),
            Dialect::Sqlite => {
                let (name, read) = (self.unused_name(), self.dialect.quote(pair.read()));
                (
                    format!("({columns}) = (WITH {name} AS MATERIALIZED (SELECT "),
                    format!(
                        " AS v WHERE {row}.{read} IS {row}.{read}) SELECT {twice} FROM {name})"
                    ),
                )
            }
            Dialect::Mysql => {
                let mut columns = written.iter().map(|column| self.dialect.quote(column));
                let first = columns.next().unwrap_or_default();
                let others: Vec<_> =
                    columns.map(|other| format!(", {row}.{other} = {row}.{first}")).collect();
                (format!("{row}.{first} = "), others.concat())
            }
        };
        Ok(vec![Piece::New(before), value, Piece::New(after)])
    }

    /// Makes a query of `count` columns give some of them twice, each computed once.
    pub(super) fn select_twice(&mut self, query: Range<usize>, count: usize, twice: &[usize]) {
        let names: Vec<String> = (0..count).map(|at| format!("c{at}")).collect();
        let mut read = names.clone();
        for at in twice {
            read[*at] = format!("c{at}, c{at}");
        }
        let (names, read) = (names.join(", "), read.join(", "));
        let (before, after) = if self.dialect == Dialect::Postgres {
            (
                format!("(SELECT {read} FROM (SELECT * FROM "),
                format!(" AS y OFFSET 0) AS x({names}))"),
            )
        } else {
            let once = self.unused_name();
            (
                format!("(WITH {once}({names}) AS MATERIALIZED "),
                format!(" SELECT {read} FROM {once})"),
            )
        };
        let pieces = vec![Piece::New(before), Piece::Copy(query.clone()), Piece::New(after)];
        self.edits.replace(query, pieces);
    }

    /// A name that the text has nowhere.
    pub(crate) fn unused_name(&self) -> String {
        let text = self.text.sql.to_ascii_lowercase();
        let mut name = "once".to_owned();
        while text.contains(&name) {
            name.push('_');
        }
        name
    }
}
