//! The columns that one SELECT gives, and which names it takes from the table.

use std::collections::BTreeSet;

use sqlparser::ast::{
    Expr, Join, Select, SelectItem, SelectItemQualifiedWildcardKind, TableFactor,
};
use sqlparser::dialect::SQLiteDialect;
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

/// What a query sees under a name.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) binding: String,
    pub(super) outputs: Vec<Output>,
    /// Whether it is the table itself, the names in which SQLite changes.
    pub(super) is_table: bool,
    pub(super) reads_all: bool,
}

/// The columns that a query or a view gives, and the names that it uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) outputs: Vec<Output>,
    /// Whether its columns are those of the table, by `*`.
    pub(super) reads_all: bool,
    /// Columns that it names of a view or a subquery which would change: whose, and which.
    pub(super) names: BTreeSet<(String, String)>,
}

/// Adds the columns of one part of the list.
pub(super) fn item(subject: &Subject, item: &SelectItem, sources: &[Source], facts: &mut Facts) {
    match item {
        SelectItem::UnnamedExpr(expr) => facts.outputs.push(unnamed(subject, expr, sources)),
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
fn unnamed(subject: &Subject, expr: &Expr, sources: &[Source]) -> Output {
    match expr {
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => unnamed(subject, inner, sources),
        Expr::Identifier(name) => resolved(&name.value, None, sources),
        Expr::CompoundIdentifier(parts) => {
            let name = parts.last().map_or("", |part| part.value.as_str());
            let qualifier = parts.len().checked_sub(2).and_then(|at| parts.get(at));
            resolved(name, qualifier.map(|part| part.value.as_str()), sources)
        }
        other => {
            let name = other.to_string();
            let has_table = sources.iter().any(|source| source.is_table);
            let becomes = has_table.then(|| renamed(subject, &name)).flatten();
            Output { name, becomes }
        }
    }
}

/// An expression with the column under its other name; nothing where it does not name it.
fn renamed(subject: &Subject, text: &str) -> Option<String> {
    let mut tokens = Tokenizer::new(&SQLiteDialect {}, text).tokenize().ok()?;
    let mut found = false;
    for token in &mut tokens {
        if let Token::Word(word) = token
            && subject.same_column(&word.value)
        {
            word.value.clone_from(&subject.to);
            found = true;
        }
    }
    found.then(|| tokens.iter().map(ToString::to_string).collect())
}

/// Notes what a query names of views and subqueries whose columns would change.
pub(super) fn named(subject: &Subject, select: &Select, sources: &[Source], facts: &mut Facts) {
    let mut text: Vec<String> = select.projection.iter().map(ToString::to_string).collect();
    let conditions = [&select.selection, &select.having];
    text.extend(conditions.into_iter().flatten().map(ToString::to_string));
    text.push(select.group_by.to_string());
    let joins = select.from.iter().flat_map(|from| &from.joins);
    let of_table = |join: &&Join| matches!(join.relation, TableFactor::Table { .. });
    text.extend(joins.filter(of_table).map(ToString::to_string));
    let reading = subject.reading();
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
                            && qualifier.is_none_or(|own| own.eq_ignore_ascii_case(&source.binding))
                    })
            });
            if names {
                facts.names.insert((source.binding.clone(), output.name.clone()));
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
