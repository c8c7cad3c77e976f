//! Maps a column reference: it names the physical column, with its table where that is needed.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT id FROM users WHERE users.handle = $1
//! -- becomes
//! SELECT id FROM users WHERE users."username" = $1
//! ```

use std::ops::Range;

use sqlparser::ast::Ident;

use super::binding::Binding;
use super::context::{Clause, ExprContext};
use super::scope::Scope;
use crate::Dialect;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

/// A column reference that has been mapped.
#[derive(Debug, Clone)]
pub(crate) struct ColumnRef<'m> {
    /// The name by which the code knows it, folded.
    pub(crate) name: String,
    /// The renamed column that it is.
    pub(crate) pair: Option<&'m MappedColumn>,
    /// The database would now report it by another name.
    pub(crate) differs: bool,
}

impl<'a> Rewriter<'a> {
    /// Maps one column reference, `column`, `table.column` or `schema.table.column`.
    pub(crate) fn column(
        &mut self,
        parts: &[Ident],
        context: ExprContext<'_, 'a>,
    ) -> Result<ColumnRef<'a>> {
        let Some((ident, qualifiers)) = parts.split_last() else {
            return Err(RewriteError::misplaced("a name"));
        };
        self.leave_all_unchanged(qualifiers)?;
        let name = self.fold(ident).into_owned();
        let binding = self.bind(parts, context)?;
        match binding {
            Binding::Column(pair, source) => {
                let bare = qualifiers.is_empty();
                let qualify = bare && self.needs_qualifier(pair, context);
                if qualify && source.is_empty() {
                    return Err(RewriteError::ambiguous(name, "the projection has that name too"));
                }
                let another = !self.dialect.same_column(&name, pair.read().as_str());
                let qualify = qualify || bare && another && is_among_others(&source, context.scope);
                // In these clauses a bare name may mean an output column, which has the code's name.
                let by_output =
                    matches!(context.clause, Clause::Group | Clause::Having | Clause::Order);
                // A column that another table has by now would be found instead.
                let moves = pair.moves || !self.known_columns.is_empty();
                let may_mean_another = moves && !by_output && !source.is_empty();
                let qualify = qualify || bare && may_mean_another && self.has_others(pair, context);
                if qualify && is_shadowed(&source, context.scope) {
                    return Err(RewriteError::ambiguous(
                        name,
                        "its table's name is another's there",
                    ));
                }
                let qualifier = qualify.then(|| self.text.sql[source.clone()].to_owned());
                if source.is_empty() && pair.writes_own_type() {
                    self.rename(ident, pair.typed_column(), None)?;
                } else {
                    self.read_column(parts, pair, qualifier.as_deref())?;
                }
                let name = self.code_name(ident, pair);
                let differs = pair.read_around().is_some()
                    || !self.dialect.same_column(&name, pair.read().as_str());
                Ok(ColumnRef { name, pair: Some(pair), differs })
            }
            Binding::Exposed(exposed, pair) => {
                self.rename(ident, &Self::identifier(&exposed)?, None)?;
                Ok(ColumnRef { name: self.code_name(ident, pair), pair: Some(pair), differs: true })
            }
            Binding::Row(row) => {
                self.row_value(&row, ident)?;
                Ok(ColumnRef { name, pair: None, differs: false })
            }
            Binding::Neighbour { source, required } => {
                self.neighbour(ident, source, required, context)?;
                Ok(ColumnRef { name, pair: None, differs: false })
            }
            Binding::Same(pair) => {
                self.leave_unchanged(ident)?;
                Ok(ColumnRef { name, pair, differs: false })
            }
            Binding::Other => {
                self.leave_unchanged(ident)?;
                Ok(ColumnRef { name, pair: None, differs: false })
            }
        }
    }

    /// Writes a column of a table without a renamed one with its table, so that the name cannot mean a
    /// renamed column. Where only a query around this one has that, the name may stay as it is.
    fn neighbour(
        &mut self,
        ident: &Ident,
        source: Range<usize>,
        required: bool,
        context: ExprContext<'_, 'a>,
    ) -> Result {
        let name = self.fold(ident);
        let is_alias = |(alias, _): &(String, _)| self.dialect.same_column(alias, &name);
        let by_output = matches!(context.clause, Clause::Group | Clause::Having | Clause::Order)
            && context.scope.aliases.iter().any(is_alias);
        if source.is_empty() || by_output || is_shadowed(&source, context.scope) {
            if required {
                return Err(RewriteError::ambiguous(name, "more than one table has it"));
            }
            return self.leave_unchanged(ident);
        }
        let bytes = self.name_range(ident)?;
        let qualifier = Piece::New(format!("{}.", &self.text.sql[source]));
        self.edits.replace(bytes.clone(), vec![qualifier, Piece::Copy(bytes)]);
        Ok(())
    }

    /// The name that the database would have reported for a column that the code names so: SQLite
    /// reports the catalog's spelling, the others the text's.
    fn code_name(&self, ident: &Ident, pair: &MappedColumn) -> String {
        let name = self.fold(ident);
        if self.dialect != Dialect::Sqlite {
            return name.into_owned();
        }
        let side =
            if self.dialect.same_column(pair.from.as_str(), &name) { &pair.from } else { &pair.to };
        side.as_str().to_owned()
    }

    /// Returns true if there is something else that a bare name could mean once the column is gone:
    /// a column of another table, here or in a query around this one, or on SQLite an output column.
    fn has_others(&self, pair: &MappedColumn, context: ExprContext<'_, 'a>) -> bool {
        let mut relations = 0;
        let mut next = Some(context.scope);
        while let Some(here) = next {
            relations += here.relations.iter().filter(|relation| !relation.qualified_only).count();
            next = here.outer;
        }
        let is_alias = |(alias, _): &(String, Option<String>)| {
            self.dialect.same_column(alias, pair.read().as_str())
        };
        relations > 1
            || self.dialect == Dialect::Sqlite && context.scope.aliases.iter().any(is_alias)
    }

    /// Returns true if the physical name alone would mean an output column instead.
    fn needs_qualifier(&self, pair: &MappedColumn, context: ExprContext<'_, 'a>) -> bool {
        matches!(context.clause, Clause::Group | Clause::Having | Clause::Order)
            && context.scope.outputs.columns.iter().any(|column| {
                self.dialect.same_column(&column.name, pair.read().as_str())
                    && column.pair != Some(pair)
            })
    }
}

/// Returns true if a name without its table is looked up in other tables too before it is found in this
/// one: they may have a column of the physical name, where the code's name was certain.
fn is_among_others(source: &Range<usize>, scope: &Scope<'_, '_>) -> bool {
    let mut next = Some(scope);
    let mut seen = 0;
    while let Some(here) = next {
        let relations = here.relations.iter().filter(|relation| !relation.qualified_only);
        seen += relations.clone().count();
        if relations.clone().any(|relation| relation.source == *source) {
            break;
        }
        next = here.outer;
    }
    seen > 1 && !source.is_empty()
}

/// Returns true if the name of the table that these bytes name is another relation's in a scope further
/// inside, which a qualified name would then mean.
fn is_shadowed(source: &Range<usize>, scope: &Scope<'_, '_>) -> bool {
    let mut between: Vec<&str> = Vec::new();
    let mut next = Some(scope);
    while let Some(here) = next {
        if let Some(own) = here.relations.iter().find(|own| own.source == *source) {
            let same = |name: &str| between.iter().any(|other| other.eq_ignore_ascii_case(name));
            return own.name.as_deref().is_some_and(same);
        }
        between.extend(here.relations.iter().filter_map(|own| own.name.as_deref()));
        next = here.outer;
    }
    false
}
