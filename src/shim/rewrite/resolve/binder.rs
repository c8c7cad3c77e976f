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

use super::binding::Binding;
use super::candidates::Candidates;
use super::context::ExprContext;
use super::scope::Scope;
use crate::model::TableName;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

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
        let mut scope = Some(context.scope);
        // The scopes inside of the present one that may have the name.
        let mut inner = Candidates::default();
        while let Some(here) = scope {
            let found = self.candidates(&name, here)?;
            let is_innermost = std::ptr::eq(here, context.scope);
            if found.bindings.is_empty() && is_innermost && self.is_alias(&name, context) {
                return Ok(Binding::Same(None));
            }
            if found.bindings.is_empty() {
                inner.unknown |= found.unknown;
                inner.tables.extend(found.tables);
                scope = here.outer;
                continue;
            }
            let binding = self.choose(&name, found, inner, here)?;
            if let Binding::Column(pair, _) = &binding
                && is_innermost
                && here.has_alias(self.dialect, &name, pair)
                && self.alias_may_win(context.clause, self.is_code_name_of(pair, &name))
            {
                let why = "the projection gives that name to something else";
                return Err(RewriteError::ambiguous(name, why));
            }
            return Ok(binding);
        }
        Ok(Binding::Other)
    }

    /// Chooses among the meanings that a bare name has in the first scope that surely has it, with
    /// those that it may have in the scopes inside of that one.
    fn choose(
        &self,
        name: &str,
        found: Candidates<'a>,
        inner: Candidates<'a>,
        here: &Scope<'_, 'a>,
    ) -> Result<Binding<'a>> {
        let is_renamed =
            |binding: &Binding<'_>| matches!(binding, Binding::Column(..) | Binding::Exposed(..));
        if !found.bindings.iter().any(is_renamed) {
            return match found.bindings.as_slice() {
                // Once its column is gone, the name must not come to mean the renamed column.
                [neighbour @ Binding::Neighbour { .. }]
                    if !found.unknown && self.outer_has_renamed(name, here.outer)? =>
                {
                    Ok(neighbour.clone())
                }
                [Binding::Neighbour { .. }, ..] | [] => Ok(Binding::Other),
                [binding, ..] => Ok(binding.clone()),
            };
        }
        if inner.unknown {
            let why = "a table of the subquery may have it";
            return Err(RewriteError::undecided(name, why, inner.tables));
        }
        let [binding] = found.bindings.as_slice() else {
            return match self.only_neighbour(name, &found.bindings) {
                Some(source) if !found.unknown => Ok(Binding::Neighbour { source, required: true }),
                Some(_) => {
                    let why = "another table may have it";
                    Err(RewriteError::undecided(name, why, found.tables))
                }
                None => Err(RewriteError::ambiguous(name, "more than one table has it")),
            };
        };
        // The name that this process's code uses is the column's in the schema the code was
        // written for, so no other table can have had it there. The other name may be new.
        let certain =
            matches!(binding, Binding::Column(pair, _) if self.is_code_name_of(pair, name));
        if !certain {
            let mut tables = found.tables;
            let outer = self.outer_may_have(name, binding, here.outer, &mut tables)?;
            if found.unknown || outer {
                let why = "another table may have it";
                return Err(RewriteError::undecided(name, why, tables));
            }
        }
        Ok(binding.clone())
    }

    fn is_code_name_of(&self, pair: &MappedColumn, name: &str) -> bool {
        self.dialect.same_column(pair.side(pair.code).as_str(), name)
    }

    /// The one table without a renamed column that has the name, if each other meaning is a renamed
    /// column under the name that the code does not use. In the schema that the code was written for
    /// only that table has the name, and with the other schema the database would refuse it.
    fn only_neighbour(&self, name: &str, bindings: &[Binding<'a>]) -> Option<Range<usize>> {
        let mut only = None;
        for binding in bindings {
            match binding {
                Binding::Column(pair, _) if !self.is_code_name_of(pair, name) => {}
                Binding::Neighbour { source, .. } if only.is_none() => only = Some(source.clone()),
                _ => return None,
            }
        }
        only
    }

    /// Returns true if a surrounding query has a renamed column of this name.
    fn outer_has_renamed(&self, name: &str, mut scope: Option<&Scope<'_, 'a>>) -> Result<bool> {
        while let Some(here) = scope {
            let found = self.candidates(name, here)?.bindings;
            if found.iter().any(|own| matches!(own, Binding::Column(..) | Binding::Exposed(..))) {
                return Ok(true);
            }
            scope = here.outer;
        }
        Ok(false)
    }

    /// Returns true if a surrounding query has the name too, other than as the same renamed column: where
    /// that column is not called so, it is not there either. Adds the tables that may have it.
    fn outer_may_have(
        &self,
        name: &str,
        binding: &Binding<'a>,
        mut scope: Option<&Scope<'_, 'a>>,
        tables: &mut Vec<TableName>,
    ) -> Result<bool> {
        let same = |other: &Binding<'_>| match (binding, other) {
            (Binding::Column(a, _), Binding::Column(b, _)) => std::ptr::eq(*a, *b),
            _ => false,
        };
        let mut may = false;
        while let Some(here) = scope {
            let found = self.candidates(name, here)?;
            may |= found.unknown || !found.bindings.iter().all(same);
            tables.extend(found.tables);
            scope = here.outer;
        }
        Ok(may)
    }
}
