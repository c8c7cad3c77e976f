//! `INSERT … SELECT` whose query is computed once: its values differ each time, or are not seen.

use std::ops::Range;

use sqlparser::ast::{Assignment, Expr, Ident, Insert, OnInsert, Query, SelectItem, SetExpr};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use crate::Dialect;
use crate::shim::mapping::MappedColumn;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::read::item_ranges::Items;
use crate::shim::rewrite::resolve::identifiers::idents;
use crate::shim::rewrite::rewriter::{Done, Rewriter};
use crate::shim::rewrite::source::edits::Piece;
use crate::shim::rewrite::write::insert_columns::{Twice, last_ident};
use crate::shim::rewrite::write::subexpressions::names_only;

impl Rewriter<'_> {
    /// Puts a query around the one that gives the values, which is computed once: it takes the
    /// columns by their number, some of them twice. `OFFSET 0`, `MATERIALIZED` or `LIMIT` keeps the
    /// planner from putting a value in both places.
    ///
    /// On PostgreSQL a literal or a parameter within a larger query is a text there.
    pub(crate) fn insert_wrapped(
        &mut self,
        insert: &Insert,
        source: &Query,
        count: usize,
        twice: &[Twice<'_>],
        left_out: &[&MappedColumn],
    ) -> Done {
        if let Some(OnInsert::DuplicateKeyUpdate(set)) = &insert.on
            && !self.names_target_alone(set, insert, source)
        {
            return Err(RewriteError::unsupported(
                "ON DUPLICATE KEY UPDATE that may name columns of a query with `*` or values that \
                 may differ when computed twice",
            ));
        }
        let misplaced = || RewriteError::misplaced("the query of an INSERT");
        let start = self.start_of_source(insert).ok_or_else(misplaced)?;
        let end = self.text.tokens().len();
        let (parsed, tokens) =
            self.text.parse(start, end, Parser::parse_query).ok_or_else(misplaced)?;
        if *parsed != *source {
            return Err(misplaced());
        }
        let bytes = self.text.places(tokens);
        // What is in WITH stays before all: there alone it may write.
        let with = match &source.with {
            None => None,
            Some(with) => {
                let last = with.cte_tables.last().ok_or_else(misplaced)?;
                let end = self.text.token_at(last.closing_paren_token.0.span);
                Some(self.text.place(end.ok_or_else(misplaced)?).end)
            }
        };
        let body = with
            .map_or(bytes.start, |end| self.text.place(self.text.next(self.text.after(end))).start);
        let names: Vec<String> = (0..count + left_out.len()).map(|at| format!("c{at}")).collect();
        let mut read = names.clone();
        for at in twice.iter().map(|twice| twice.at).chain(count..names.len()) {
            if let Some(read) = read.get_mut(at) {
                *read = format!("c{at}, c{at}");
            }
        }
        let defaults: Vec<_> = left_out
            .iter()
            .filter_map(|pair| Some(format!(", ({})", pair.sent_default()?.sql)))
            .collect();
        let defaults = defaults.concat();
        let once = self.unused_name();
        if self.dialect == Dialect::Postgres {
            let mut pieces: Vec<Piece> =
                with.map(|end| Piece::Copy(bytes.start..end)).into_iter().collect();
            pieces.push(Piece::New(" SELECT ".to_owned()));
            let fixed = self.fixed(&source.body)?;
            for (at, read) in read.into_iter().enumerate() {
                if at > 0 {
                    pieces.push(Piece::New(", ".to_owned()));
                }
                match fixed.iter().find(|(fixed, _)| *fixed == at) {
                    Some((_, value)) => {
                        pieces.push(Piece::Copy(value.clone()));
                        if twice.iter().any(|twice| twice.at == at) {
                            pieces.push(Piece::New(", ".to_owned()));
                            pieces.push(Piece::Copy(value.clone()));
                        }
                    }
                    None => pieces.push(Piece::New(read)),
                }
            }
            pieces.push(Piece::New(format!(" FROM (SELECT *{defaults} FROM (")));
            let mut at = body;
            for (_, value) in fixed {
                pieces.push(Piece::Copy(at..value.start));
                pieces.push(Piece::New("NULL".to_owned()));
                at = value.end;
            }
            pieces.push(Piece::Copy(at..bytes.end));
            let names = names.join(", ");
            pieces.push(Piece::New(format!(") AS y OFFSET 0) AS {once}({names})")));
            self.edits.replace(bytes, pieces);
            return Ok(());
        }
        let first = if with.is_some() { ", " } else { "WITH " };
        let named = format!("{once}({})", names.join(", "));
        let named = match self.dialect {
            // A subquery in FROM must not have two columns of one name; an expression that lists
            // its columns may.
            Dialect::Mysql if !defaults.is_empty() => {
                (format!("{first}y{once}({})", names[..count].join(", ")), named)
            }
            _ => (format!("{first}{named}"), String::new()),
        };
        let (before, after) = self.materialized(source, (&named.0, &named.1), (&defaults, &once));
        let after = format!("{after} SELECT {} FROM {once}", read.join(", "));
        let after = match self.dialect {
            // An upsert behind a query without a condition would be taken for a join's ON.
            Dialect::Sqlite => format!("{after} WHERE true"),
            _ => after,
        };
        let mut pieces: Vec<Piece> =
            with.map(|end| Piece::Copy(bytes.start..end)).into_iter().collect();
        pieces.push(Piece::New(before));
        pieces.push(Piece::Copy(body..bytes.end));
        pieces.push(Piece::New(after));
        self.edits.replace(bytes, pieces);
        Ok(())
    }

    /// Whether assignments have no names but the target's columns, qualified or in `VALUES`, so that
    /// none means a column of the query, which is not there any more once it is wrapped.
    fn names_target_alone(&self, set: &[Assignment], insert: &Insert, source: &Query) -> bool {
        let Some(target) = last_ident(insert).filter(|_| insert.insert_alias.is_none()) else {
            return false;
        };
        let name = self.fold(target);
        let own = |parts: &[Ident]| matches!(parts, [table, _] if self.same_table(&self.fold(table), &name));
        source.body.as_select().is_some()
            && !self.reads_from(&source.body, &name)
            && set.iter().all(|assignment| names_only(&assignment.value, &own))
    }

    /// What is put around a query so that it is computed as it stands, under a name, with defaults
    /// as further columns.
    fn materialized(
        &self,
        source: &Query,
        (named, then): (&str, &str),
        (defaults, once): (&str, &str),
    ) -> (String, String) {
        if self.dialect == Dialect::Sqlite {
            let (open, close) = match defaults {
                "" => ("(".to_owned(), ")"),
                defaults => (format!("(SELECT *{defaults} FROM ("), "))"),
            };
            return (format!("{named} AS MATERIALIZED {open}"), close.to_owned());
        }
        // Without a limit ORDER BY would be ignored. With two, what is in the inner brackets becomes a
        // subquery in FROM, which must not have two columns of one name.
        let (open, close) = if is_limited(source) {
            ("(", ")".to_owned())
        } else if source.locks.is_empty() {
            ("(", ALL_ROWS.to_owned())
        } else {
            ("((", format!("){ALL_ROWS}"))
        };
        if defaults.is_empty() {
            return (format!("{named} AS {open}"), close);
        }
        let then = format!("{close}, {then} AS (SELECT y{once}.*{defaults} FROM y{once}{ALL_ROWS}");
        (format!("{named} AS {open}"), then)
    }

    /// The literals and parameters among the values of a `SELECT`, by their number. Only outside of
    /// a subquery does PostgreSQL give them the types of the columns that they are for.
    fn fixed(&self, body: &SetExpr) -> Done<Vec<(usize, Range<usize>)>> {
        let SetExpr::Select(select) = body else { return Ok(Vec::new()) };
        let star = |item: &SelectItem| {
            matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..))
        };
        if select.projection.iter().any(star) {
            return Ok(Vec::new());
        }
        let extents = self.extents(&Items::of_select(select))?;
        let fixed = |(at, item): (usize, &SelectItem)| match item {
            SelectItem::UnnamedExpr(Expr::Value(_)) => Some((at, extents.get(at)?.clone())),
            _ => None,
        };
        Ok(select.projection.iter().enumerate().filter_map(fixed).collect())
    }

    /// The token behind the target and its columns.
    fn start_of_source(&self, insert: &Insert) -> Option<usize> {
        let mut at = self.text.ident(last_ident(insert)?).ok()?;
        if let Some(column) = insert.columns.last() {
            at = self.text.ident(idents(column)?.last()?).ok()?;
            at = self.text.next(at + 1);
            if !self.text.is(at, &Token::RParen) {
                return None;
            }
        }
        Some(at + 1)
    }
}

/// The end of a query in brackets that MariaDB and MySQL compute as it stands.
const ALL_ROWS: &str = " LIMIT 18446744073709551615)";

/// Whether a query, maybe in brackets, gives a number of rows at most.
fn is_limited(query: &Query) -> bool {
    let within = matches!(query.body.as_ref(), SetExpr::Query(inner) if is_limited(inner));
    within || query.limit_clause.is_some() || query.fetch.is_some()
}
