use std::ops::Range;

use sqlparser::ast::{Expr, Ident, Select, SelectItem, Spanned};
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::column::Named;
use super::edit::Piece;
use super::error::RewriteError;
use super::outputs::Outputs;
use super::query::Naming;
use super::resolve::Meaning;
use super::rewriter::{Done, Rewriter};
use super::scope::Place;
use crate::Dialect;

/// The items of a projection, and where to look for their text.
pub(super) struct Items<'i> {
    pub(super) items: &'i [SelectItem],
    /// The `SELECT`; without one the items follow `RETURNING`.
    select: Option<&'i Select>,
}

impl<'i> Items<'i> {
    pub(super) fn of_select(select: &'i Select) -> Self {
        Self { items: &select.projection, select: Some(select) }
    }

    pub(super) fn of_returning(items: &'i [SelectItem]) -> Self {
        Self { items, select: None }
    }
}

impl<'a> Rewriter<'a> {
    /// Maps the items of a projection; each keeps the name that the code knows it by.
    pub(super) fn projection(
        &mut self,
        items: &Items<'_>,
        place: Place<'_, 'a>,
        naming: Naming,
    ) -> Done<Outputs<'a>> {
        let mut outputs = Outputs::default();
        let mut extents = None;
        for (at, item) in items.items.iter().enumerate() {
            let alias = match item {
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.expr(expr, place)?;
                    self.check_as(alias)?;
                    self.keep(alias)?;
                    outputs.push_alias(self.fold(alias).into_owned());
                    continue;
                }
                SelectItem::UnnamedExpr(expr) => self.unnamed(expr, place, naming, &mut outputs)?,
                SelectItem::Wildcard(options) => {
                    self.star(None, options, place, naming, &mut outputs)?;
                    continue;
                }
                SelectItem::QualifiedWildcard(of, options) => {
                    self.star(Some(of), options, place, naming, &mut outputs)?;
                    continue;
                }
                SelectItem::ExprWithAliases { .. } => {
                    return Err(RewriteError::unsupported("an expression with several names"));
                }
            };
            if naming != Naming::Seen || alias == Alias::None {
                continue;
            }
            let extent = if let Some(extent) = self.extent_of_name(item) {
                Some(extent)
            } else {
                let extents = match &mut extents {
                    Some(extents) => extents,
                    none => none.insert(self.extents(items)?),
                };
                extents.get(at).cloned()
            };
            let extent = extent.ok_or_else(|| RewriteError::misplaced("the projection"))?;
            let name = match alias {
                Alias::Name(name) => name,
                _ => self.text.sql[extent.clone()].to_owned(),
            };
            // MySQL takes no longer alias; nobody will have used such a text as a name.
            if self.dialect == Dialect::Mysql && name.chars().count() > 256 {
                continue;
            }
            let quoted = self.dialect.quote(&Self::identifier(&name)?);
            let pieces = vec![Piece::Copy(extent.clone()), Piece::New(format!(" AS {quoted}"))];
            self.edits.replace(extent, pieces);
        }
        Ok(outputs)
    }

    /// The bytes of an item that is nothing but a column's name.
    fn extent_of_name(&self, item: &SelectItem) -> Option<Range<usize>> {
        let extent = match item {
            SelectItem::UnnamedExpr(Expr::Identifier(ident)) => self.extent(&[ident]),
            SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => {
                self.extent(&parts.iter().collect::<Vec<_>>())
            }
            _ => return None,
        };
        (!extent.is_empty()).then_some(extent)
    }

    /// Refuses a mapped column's name as an alias without `AS`: a modifier of `SELECT` that the
    /// parser does not know would make it read the column so.
    fn check_as(&self, alias: &Ident) -> Done {
        if self.is_mapped_column(&self.fold(alias)) {
            let at = self.text.trimmed(0, self.text.ident(alias)?);
            if !at.checked_sub(1).is_some_and(|before| self.is_keyword(before, Keyword::AS)) {
                return Err(RewriteError::unsupported("a renamed column as an alias without AS"));
            }
        }
        Ok(())
    }

    /// Maps an item without a name of its own; gives the name that it has to be given.
    fn unnamed(
        &mut self,
        expr: &Expr,
        place: Place<'_, 'a>,
        naming: Naming,
        outputs: &mut Outputs<'a>,
    ) -> Done<Alias> {
        if self.dialect == Dialect::Postgres
            && let Expr::Subquery(query) = expr
        {
            // PostgreSQL calls it what its one column is called.
            let inner = self.query(query, place.env(), naming)?;
            outputs.push(inner.columns.first().map(|c| c.name.clone()).unwrap_or_default(), None);
            return Ok(Alias::None);
        }
        self.check_no_list(std::slice::from_ref(expr), place)?;
        let before = self.edits.len();
        if let Some(parts) = self.named_by(expr) {
            let named = match expr {
                Expr::Identifier(_) | Expr::CompoundIdentifier(_) => self.column(&parts, place)?,
                _ => {
                    let named = self.named(&parts, place)?;
                    self.expr(expr, place)?;
                    named
                }
            };
            outputs.push(named.name.clone(), named.pair);
            return Ok(if named.differs { Alias::Name(named.name) } else { Alias::None });
        }
        self.expr(expr, place)?;
        outputs.push(function_name(expr), None);
        // SQLite and MySQL call it by its text, which has changed.
        let changed = self.dialect != Dialect::Postgres && self.edits.len() > before;
        Ok(if changed { Alias::Text } else { Alias::None })
    }

    /// What a column reference will be reported as, without mapping it.
    fn named(&self, parts: &[Ident], place: Place<'_, 'a>) -> Done<Named<'a>> {
        let name = parts.last().map(|i| self.fold(i).into_owned()).unwrap_or_default();
        Ok(match self.meaning(parts, place)? {
            Meaning::Column(pair, _) => {
                let differs = !self.dialect.same_column(pair.read().as_str(), &name);
                Named { name, pair: Some(pair), differs }
            }
            Meaning::Exposed(_, pair) => Named { name, pair: Some(pair), differs: true },
            Meaning::Same(pair) => Named { name, pair, differs: false },
            Meaning::Row(_) | Meaning::Other => Named { name, pair: None, differs: false },
        })
    }

    /// The column whose name the database gives to an expression without one.
    fn named_by(&self, expr: &Expr) -> Option<Vec<Ident>> {
        match expr {
            Expr::Identifier(ident) => Some(vec![ident.clone()]),
            Expr::CompoundIdentifier(parts) => Some(parts.clone()),
            Expr::Nested(inner) => self.named_by(inner),
            _ if self.dialect != Dialect::Postgres => None,
            Expr::Cast { expr, .. }
            | Expr::Collate { expr, .. }
            | Expr::Case { else_result: Some(expr), .. } => self.named_by(expr),
            Expr::CompoundFieldAccess { root, access_chain } => {
                use sqlparser::ast::AccessExpr::{Dot, Subscript};
                let mut parts = self.named_by(root)?;
                for access in access_chain {
                    match access {
                        Dot(Expr::Identifier(part)) => parts.push(part.clone()),
                        Dot(_) => return None,
                        Subscript(_) => {}
                    }
                }
                Some(parts)
            }
            _ => None,
        }
    }

    /// The bytes of each item, which the parser does not keep: the items are parsed once more.
    pub(super) fn extents(&self, items: &Items<'_>) -> Done<Vec<Range<usize>>> {
        let found = match items.select {
            Some(select) => {
                let start = self.text.token_at(select.select_token.0.span);
                start.and_then(|start| self.items_after(start, items.items, true))
            }
            None => (0..self.text.tokens().len())
                .rev()
                .filter(|at| self.is_keyword(*at, Keyword::RETURNING))
                .find_map(|start| self.items_after(start, items.items, false)),
        };
        found.ok_or_else(|| RewriteError::misplaced("the projection"))
    }

    pub(super) fn is_keyword(&self, at: usize, keyword: Keyword) -> bool {
        self.text.tokens().get(at).is_some_and(|token| {
            matches!(&token.token, Token::Word(word)
                if word.keyword == keyword && word.quote_style.is_none())
        })
    }

    /// Whether it is one of the words that MySQL allows between `SELECT` and what is selected.
    fn is_modifier(&self, at: usize) -> bool {
        let modifiers = [
            "ALL",
            "DISTINCT",
            "DISTINCTROW",
            "HIGH_PRIORITY",
            "STRAIGHT_JOIN",
            "SQL_SMALL_RESULT",
            "SQL_BIG_RESULT",
            "SQL_BUFFER_RESULT",
            "SQL_CACHE",
            "SQL_NO_CACHE",
            "SQL_CALC_FOUND_ROWS",
        ];
        self.dialect == Dialect::Mysql
            && self.text.tokens().get(at).is_some_and(|token| {
                matches!(&token.token, Token::Word(word) if word.quote_style.is_none()
                    && modifiers.iter().any(|own| word.value.eq_ignore_ascii_case(own)))
            })
    }

    /// The bytes of the items behind a keyword, where they are just these items at this place.
    fn items_after(
        &self,
        keyword: usize,
        items: &[SelectItem],
        select: bool,
    ) -> Option<Vec<Range<usize>>> {
        let mut start = self.text.next(keyword + 1);
        while select && self.is_modifier(start) {
            start = self.text.next(start + 1);
        }
        let mut extents = Vec::with_capacity(items.len());
        let parse = |parser: &mut Parser<'static>| {
            if select {
                parser.parse_all_or_distinct()?;
            }
            let mut parsed = Vec::with_capacity(items.len());
            loop {
                let first = start + parser.index();
                parsed.push(parser.parse_select_item()?);
                extents.push((first, start + parser.index()));
                if parsed.len() == items.len() || !parser.consume_token(&Token::Comma) {
                    return Ok(parsed);
                }
            }
        };
        let (parsed, _) = self.text.parse(start, self.text.tokens().len(), parse)?;
        let same = parsed.len() == items.len()
            && parsed.iter().zip(items).all(|(a, b)| a == b && a.span() == b.span());
        let bytes = |(first, end): (usize, usize)| {
            let first = self.text.next(first);
            self.text.places(first..self.text.trimmed(first, end))
        };
        same.then(|| extents.into_iter().map(bytes).collect())
    }
}

/// The name that an item without one has to be given.
#[derive(Debug, PartialEq, Eq)]
enum Alias {
    None,
    Name(String),
    Text,
}

fn function_name(expr: &Expr) -> String {
    match expr {
        Expr::Function(function) => {
            function.name.0.last().and_then(|part| part.as_ident()).map(|i| i.value.clone())
        }
        _ => None,
    }
    .unwrap_or_default()
}
