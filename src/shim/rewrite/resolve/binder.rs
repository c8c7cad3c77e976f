//! Binds a column's name to what it means in its scope, as the database would.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT (SELECT title FROM posts WHERE author = users.handle) FROM users
//! -- becomes
//! SELECT (SELECT title FROM posts WHERE author = users."username") FROM users
//! ```

use std::ops::Range;

use sqlparser::ast::Ident;

use super::context::ExprContext;
use super::output_columns::Exposed;
use super::scope::{RelationKind, Scope};
use super::whole_row::WholeRow;
use crate::shim::mapping::MappedColumn;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

/// The meaning of a column name.
#[derive(Debug, Clone)]
pub(crate) enum Binding<'m> {
    /// A renamed column of the table that these bytes name.
    Column(&'m MappedColumn, Range<usize>),
    /// A renamed column of a query, which exposes it under this name instead.
    Exposed(String, &'m MappedColumn),
    /// A column of a query under its own name.
    Same(Option<&'m MappedColumn>),
    /// A whole row of a mapped table.
    Row(WholeRow<'m>),
    /// Nothing that was renamed.
    Other,
}

impl<'a> Rewriter<'a> {
    pub(crate) fn bind(
        &self,
        parts: &[Ident],
        context: ExprContext<'_, 'a>,
    ) -> Result<Binding<'a>> {
        match parts {
            [ident] => self.bind_bare_name(ident, context),
            [.., table, ident] => {
                let schema = parts.len().checked_sub(3).and_then(|at| parts.get(at));
                self.bind_qualified_name(schema, table, ident, context.scope)
            }
            [] => Ok(Binding::Other),
        }
    }

    fn bind_bare_name(&self, ident: &Ident, context: ExprContext<'_, 'a>) -> Result<Binding<'a>> {
        let name = self.fold(ident);
        if let Some(row) = self.whole_row(&name, context) {
            return Ok(Binding::Row(row));
        }
        self.check_not_of_system(&name, &context.scope.relations)?;
        self.check_not_row_with_aliases(&name, context)?;
        self.check_bare_name_not_dropped(&name, context)?;
        if !self.is_mapped_column(&name) {
            return Ok(Binding::Other);
        }
        let ambiguous = |why: &str| Err(RewriteError::ambiguous(name.as_ref(), why));
        let mut scope = Some(context.scope);
        let mut hidden = false;
        while let Some(here) = scope {
            let (found, unknown) = self.candidates(&name, here)?;
            if found.is_empty()
                && std::ptr::eq(here, context.scope)
                && self.is_alias(&name, context)
            {
                return Ok(Binding::Same(None));
            }
            let Some(binding) = found.first() else {
                hidden |= unknown;
                scope = here.outer;
                continue;
            };
            if !found.iter().any(|m| matches!(m, Binding::Column(..) | Binding::Exposed(..))) {
                return Ok(binding.clone());
            }
            if found.len() > 1 {
                return ambiguous("more than one table has it");
            }
            if hidden {
                return ambiguous("a table of the subquery may have it");
            }
            // The name that this process's code uses is the column's in the schema the code was
            // written for, so no other table can have had it there. The other name may be new.
            let certain = matches!(binding, Binding::Column(pair, _)
                if self.dialect.same_column(pair.side(pair.code).as_str(), &name));
            if !certain && (unknown || self.outer_may_have(&name, binding, here.outer)?) {
                return ambiguous("another table may have it");
            }
            if let Binding::Column(pair, _) = binding
                && std::ptr::eq(here, context.scope)
                && here.has_alias(self.dialect, &name, pair)
                && self.alias_may_win(context.clause, certain)
            {
                return ambiguous("the projection gives that name to something else");
            }
            return Ok(binding.clone());
        }
        Ok(Binding::Other)
    }

    /// The meanings that a bare name can have in one scope, and whether a table there may have it unseen.
    fn candidates(&self, name: &str, scope: &Scope<'_, 'a>) -> Result<(Vec<Binding<'a>>, bool)> {
        let mut found = Vec::new();
        let mut unknown = false;
        for relation in scope.relations.iter().filter(|relation| !relation.qualified_only) {
            match &relation.kind {
                RelationKind::Mapped(table) => match table.column(self.dialect, name) {
                    Some(pair) => found.push(Binding::Column(pair, relation.source.clone())),
                    None if table.physical.is_empty() => unknown = true,
                    None if table.physical.iter().any(|c| self.dialect.same_column(c, name)) => {
                        found.push(Binding::Other);
                    }
                    None => {}
                },
                RelationKind::Unknown | RelationKind::Pending => unknown = true,
                RelationKind::Derived(outputs) => match outputs.find(self.dialect, name) {
                    Exposed::Same(pair) => found.push(Binding::Same(pair)),
                    Exposed::Other(exposed, pair) => found.push(Binding::Exposed(exposed, pair)),
                    Exposed::Ambiguous => {
                        return Err(RewriteError::ambiguous(name, "a subquery has it twice"));
                    }
                    Exposed::Missing => unknown |= outputs.open,
                },
            }
        }
        Ok((found, unknown))
    }

    /// Returns true if a surrounding query has the name too, other than as the same renamed column: where
    /// that column is not called so, it is not there either.
    fn outer_may_have(
        &self,
        name: &str,
        binding: &Binding<'a>,
        mut scope: Option<&Scope<'_, 'a>>,
    ) -> Result<bool> {
        let same = |other: &Binding<'_>| match (binding, other) {
            (Binding::Column(a, _), Binding::Column(b, _)) => std::ptr::eq(*a, *b),
            _ => false,
        };
        while let Some(here) = scope {
            let (found, unknown) = self.candidates(name, here)?;
            if unknown || !found.iter().all(same) {
                return Ok(true);
            }
            scope = here.outer;
        }
        Ok(false)
    }
}
