//! The output columns of one SELECT, and the names that it takes from the table.

use std::collections::BTreeSet;

use sqlparser::ast::{
    Expr, Join, Select, SelectItem, SelectItemQualifiedWildcardKind, TableFactor,
};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::database::catalog::uses::stored_code::Piece;
use crate::database::catalog::uses::subject::Subject;

/// An output column of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::database::catalog::uses) struct Output {
    pub name: String,
    /// Its name after the rename, if that is different.
    pub becomes: Option<String>,
}

/// A table, view or subquery that a query reads under a name.
#[derive(Debug, Clone)]
pub(in crate::database::catalog::uses) struct Source {
    pub binding: String,
    pub outputs: Vec<Output>,
    /// True if it is the table itself; SQLite changes the names in it.
    pub is_table: bool,
    pub reads_all: bool,
}

/// The output columns of a query or view, and the names that it uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::database::catalog::uses) struct Facts {
    pub outputs: Vec<Output>,
    /// True if it takes its columns from the table by `*`.
    pub reads_all: bool,
    /// The columns that it names of a view or subquery and whose names would change: the view or
    /// subquery, and the column.
    pub names: BTreeSet<(String, String)>,
}

/// Adds the output columns of one item of the SELECT list.
pub(in crate::database::catalog::uses) fn item(
    subject: &Subject,
    item: &SelectItem,
    sources: &[Source],
    facts: &mut Facts,
) {
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

/// The output of an item without an alias: it has the name of its column, or its own text as name.
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

/// Returns the expression with the column's new name; `None` if it does not name the column.
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

/// Adds the columns that a query names of views and subqueries and whose names would change.
pub(in crate::database::catalog::uses) fn named(
    subject: &Subject,
    select: &Select,
    sources: &[Source],
    facts: &mut Facts,
) {
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
