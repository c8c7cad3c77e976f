//! The names that the columns of SQLite's views have, and which of them follow a column's name.
//!
//! `RENAME COLUMN` changes the text of a view and with it the names of those output columns that have
//! no name of their own. It does not change what names them: another view, a trigger, a subquery.

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::ast::{
    Expr, Join, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, Statement,
    TableFactor,
};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::pieces::Piece;
use super::subject::Subject;

/// A column that a query gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) name: String,
    /// What it would be called after the rename, where that is something else.
    pub(super) becomes: Option<String>,
}

/// What there is to know of a view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) outputs: Vec<Output>,
    /// Whether its columns are those of the table, by `*`.
    pub(super) reads_all: bool,
    /// Columns that it names of a view or a subquery which would change: whose, and which.
    pub(super) names: BTreeSet<(String, String)>,
}

/// The tables and views of a schema, by their names in lower case.
#[derive(Debug)]
pub(super) struct Schema<'a> {
    pub(super) subject: &'a Subject,
    pub(super) tables: BTreeMap<String, Vec<String>>,
    /// The statements that made the views.
    pub(super) views: BTreeMap<String, String>,
}

/// What a query sees under a name.
#[derive(Debug, Clone)]
struct Source {
    binding: String,
    outputs: Vec<Output>,
    /// Whether it is the table itself, the names in which SQLite changes.
    is_table: bool,
    reads_all: bool,
}

/// Common table expressions in scope.
type Common = Vec<(String, Facts)>;

/// Views do not refer to themselves, but a file may be spoilt.
const MOST_VIEWS_DEEP: usize = 50;

impl Schema<'_> {
    /// The facts of a view; nothing where its statement cannot be read.
    pub(super) fn view(&self, name: &str) -> Option<Facts> {
        self.view_at(name, 0)
    }

    fn view_at(&self, name: &str, depth: usize) -> Option<Facts> {
        let sql = self.views.get(&name.to_lowercase()).filter(|_| depth < MOST_VIEWS_DEEP)?;
        let mut parsed = Parser::parse_sql(&SQLiteDialect {}, sql).ok()?;
        let Some(Statement::CreateView(view)) = parsed.pop() else { return None };
        let mut facts = self.query(&view.query, &Common::new(), depth)?;
        for (output, column) in facts.outputs.iter_mut().zip(&view.columns) {
            *output = Output { name: column.name.value.clone(), becomes: None };
        }
        Some(facts)
    }

    fn query(&self, query: &Query, outer: &Common, depth: usize) -> Option<Facts> {
        let mut common = outer.clone();
        for table in query.with.iter().flat_map(|with| &with.cte_tables) {
            let mut facts = self.query(&table.query, &common, depth).unwrap_or_default();
            for (output, column) in facts.outputs.iter_mut().zip(&table.alias.columns) {
                *output = Output { name: column.name.value.clone(), becomes: None };
            }
            common.push((table.alias.name.value.to_lowercase(), facts));
        }
        let mut facts = self.body(&query.body, &common, depth)?;
        for (_, inner) in common.iter().skip(outer.len()) {
            facts.names.extend(inner.names.iter().cloned());
        }
        Some(facts)
    }

    fn body(&self, body: &SetExpr, common: &Common, depth: usize) -> Option<Facts> {
        match body {
            SetExpr::Select(select) => self.select(select, common, depth),
            SetExpr::Query(query) => self.query(query, common, depth),
            SetExpr::SetOperation { left, right, .. } => {
                let mut facts = self.body(left, common, depth)?;
                let other = self.body(right, common, depth).unwrap_or_default();
                facts.reads_all |= other.reads_all;
                facts.names.extend(other.names);
                Some(facts)
            }
            SetExpr::Values(_) => Some(Facts::default()),
            _ => None,
        }
    }

    fn select(&self, select: &Select, common: &Common, depth: usize) -> Option<Facts> {
        let mut facts = Facts::default();
        let mut sources = Vec::new();
        for from in &select.from {
            let joined = from.joins.iter().map(|join| &join.relation);
            for factor in std::iter::once(&from.relation).chain(joined) {
                self.factor(factor, common, depth, &mut sources, &mut facts)?;
            }
        }
        for item in &select.projection {
            self.item(item, &sources, &mut facts);
        }
        self.named(select, &sources, &mut facts);
        Some(facts)
    }

    fn factor(
        &self,
        factor: &TableFactor,
        common: &Common,
        depth: usize,
        sources: &mut Vec<Source>,
        facts: &mut Facts,
    ) -> Option<()> {
        match factor {
            TableFactor::Table { name, alias, .. } => {
                let name = name.0.last()?.as_ident()?.value.clone();
                let alias = alias.as_ref().map(|alias| alias.name.value.clone());
                sources.push(self.source(&name, alias, common, depth));
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let inner = self.query(subquery, common, depth)?;
                facts.names.extend(inner.names);
                let binding = alias.as_ref().map(|alias| alias.name.value.clone());
                let (outputs, reads_all) = (inner.outputs, inner.reads_all);
                let binding = binding.unwrap_or_default();
                sources.push(Source { binding, outputs, is_table: false, reads_all });
            }
            TableFactor::NestedJoin { table_with_joins, .. } => {
                let joined = table_with_joins.joins.iter().map(|join| &join.relation);
                for factor in std::iter::once(&table_with_joins.relation).chain(joined) {
                    self.factor(factor, common, depth, sources, facts)?;
                }
            }
            _ => {}
        }
        Some(())
    }

    fn source(&self, name: &str, alias: Option<String>, common: &Common, depth: usize) -> Source {
        let key = name.to_lowercase();
        let binding = alias.unwrap_or_else(|| name.to_owned());
        let keep = |name: &String| Output { name: name.clone(), becomes: None };
        if let Some((_, facts)) = common.iter().rev().find(|(own, _)| *own == key) {
            let (outputs, reads_all) = (facts.outputs.clone(), facts.reads_all);
            return Source { binding, outputs, is_table: false, reads_all };
        }
        let is_table = self.subject.same_table(name, &self.subject.table);
        if let Some(columns) = self.tables.get(&key) {
            let follow = |name: &String| Output {
                becomes: (is_table && self.subject.same_column(name))
                    .then(|| self.subject.to.clone()),
                ..keep(name)
            };
            let outputs = columns.iter().map(follow).collect();
            return Source { binding, outputs, is_table, reads_all: is_table };
        }
        let facts = self.view_at(name, depth + 1).unwrap_or_default();
        let (outputs, reads_all) = (facts.outputs, facts.reads_all);
        Source { binding, outputs, is_table: false, reads_all }
    }

    fn item(&self, item: &SelectItem, sources: &[Source], facts: &mut Facts) {
        match item {
            SelectItem::UnnamedExpr(expr) => facts.outputs.push(self.unnamed(expr, sources)),
            SelectItem::ExprWithAlias { alias, .. } => {
                facts.outputs.push(Output { name: alias.value.clone(), becomes: None });
            }
            SelectItem::Wildcard(_) => all(sources.iter(), facts),
            SelectItem::QualifiedWildcard(kind, _) => {
                let SelectItemQualifiedWildcardKind::ObjectName(name) = kind else { return };
                let last = name.0.last().and_then(|part| part.as_ident());
                let is_meant = |source: &&Source| {
                    last.is_some_and(|last| source.binding.eq_ignore_ascii_case(&last.value))
                };
                all(sources.iter().filter(is_meant), facts);
            }
            SelectItem::ExprWithAliases { .. } => {}
        }
    }

    /// The name of a column that has none of its own: that of the column it is, or its own text.
    fn unnamed(&self, expr: &Expr, sources: &[Source]) -> Output {
        match expr {
            Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => self.unnamed(inner, sources),
            Expr::Identifier(name) => resolved(&name.value, None, sources),
            Expr::CompoundIdentifier(parts) => {
                let name = parts.last().map_or("", |part| part.value.as_str());
                let qualifier = parts.len().checked_sub(2).and_then(|at| parts.get(at));
                resolved(name, qualifier.map(|part| part.value.as_str()), sources)
            }
            other => {
                let name = other.to_string();
                let has_table = sources.iter().any(|source| source.is_table);
                let becomes = has_table.then(|| self.renamed(&name)).flatten();
                Output { becomes, name }
            }
        }
    }

    /// An expression with the column under its other name; nothing where it does not name it.
    fn renamed(&self, text: &str) -> Option<String> {
        let mut tokens = Tokenizer::new(&SQLiteDialect {}, text).tokenize().ok()?;
        let mut found = false;
        for token in &mut tokens {
            if let Token::Word(word) = token
                && self.subject.same_column(&word.value)
            {
                word.value.clone_from(&self.subject.to);
                found = true;
            }
        }
        found.then(|| tokens.iter().map(ToString::to_string).collect())
    }

    /// Notes what a query names of views and subqueries whose columns would change.
    fn named(&self, select: &Select, sources: &[Source], facts: &mut Facts) {
        let mut text: Vec<String> = select.projection.iter().map(ToString::to_string).collect();
        let conditions = [&select.selection, &select.having];
        text.extend(conditions.into_iter().flatten().map(ToString::to_string));
        text.push(select.group_by.to_string());
        let joins = select.from.iter().flat_map(|from| &from.joins);
        let of_table = |join: &&Join| matches!(join.relation, TableFactor::Table { .. });
        text.extend(joins.filter(of_table).map(ToString::to_string));
        let reading = self.subject.reading();
        let pieces: Vec<Piece> =
            text.iter().filter_map(|text| reading.pieces(text)).flatten().collect();
        for source in sources.iter().filter(|source| !source.is_table) {
            for output in source.outputs.iter().filter(|output| output.becomes.is_some()) {
                let names = pieces.iter().enumerate().any(|(at, piece)| {
                    let is_alias = at > 0 && pieces[at - 1].is("AS");
                    !is_alias
                        && piece.name().is_some_and(|name| {
                            let qualifier = name.qualifier();
                            name.last().eq_ignore_ascii_case(&output.name)
                                && qualifier
                                    .is_none_or(|own| own.eq_ignore_ascii_case(&source.binding))
                        })
                });
                if names {
                    facts.names.insert((source.binding.clone(), output.name.clone()));
                }
            }
        }
    }
}

fn all<'a>(sources: impl Iterator<Item = &'a Source>, facts: &mut Facts) {
    for source in sources {
        facts.outputs.extend(source.outputs.iter().cloned());
        facts.reads_all |= source.reads_all;
    }
}

fn resolved(name: &str, qualifier: Option<&str>, sources: &[Source]) -> Output {
    let meant = |source: &&Source| {
        qualifier.is_none_or(|qualifier| source.binding.eq_ignore_ascii_case(qualifier))
    };
    let outputs = sources.iter().filter(meant).flat_map(|source| &source.outputs);
    let becomes = outputs
        .filter(|output| output.name.eq_ignore_ascii_case(name))
        .find_map(|output| output.becomes.clone());
    Output { name: name.to_owned(), becomes }
}
