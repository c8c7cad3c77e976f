//! Binds `table.column` and `schema.table.column`: finds the table in the scopes from the inside
//! out.
//!
//! Given in `dual_write` on SQLite:
//!
//! ```sql
//! SELECT id FROM main.users WHERE main.users.handle = ?
//! -- becomes
//! SELECT id FROM main.users WHERE main.users.`username` = ?
//! ```

use sqlparser::ast::Ident;

use super::binding::Binding;
use super::candidates::Candidates;
use super::output_columns::Exposed;
use super::scope::{Relation, RelationKind, Scope};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    pub(super) fn bind_qualified_name(
        &self,
        schema: Option<&Ident>,
        table: &Ident,
        ident: &Ident,
        scope: &Scope<'_, 'a>,
    ) -> Result<Binding<'a>> {
        let name = self.fold(ident);
        if self.is_dropped_column(&name)
            && let Some(relation) = self.relation(schema, table, scope)?
            && let RelationKind::Mapped(mapped) = &relation.kind
        {
            self.check_not_dropped(mapped, &name)?;
        }
        if !self.is_mapped_column(&name) {
            if self.is_of_system(&name)
                && let Some(relation) = self.relation(schema, table, scope)?
            {
                self.check_not_of_system(&name, std::slice::from_ref(relation))?;
            }
            return Ok(Binding::Other);
        }
        let Some(relation) = self.relation(schema, table, scope)? else {
            let form = format!("`{}`, which is no table in scope", table.value);
            return Err(RewriteError::unsupported(form));
        };
        Ok(match &relation.kind {
            RelationKind::Mapped(mapped) => match mapped.column(self.dialect, &name) {
                Some(pair) => Binding::Column(pair, relation.source.clone()),
                None => Binding::Other,
            },
            RelationKind::Unmapped(_) | RelationKind::Unknown => Binding::Other,
            RelationKind::Pending => {
                return Err(RewriteError::unsupported("a column of a query that refers to itself"));
            }
            RelationKind::Derived(outputs) => match outputs.find(self.dialect, &name) {
                Exposed::Same(pair) => Binding::Same(pair),
                Exposed::Other(exposed, pair) => {
                    let mut found = Candidates::default();
                    self.look_among_further(outputs, &name, &mut found);
                    if found.unknown {
                        let why = "a table of the subquery may have it";
                        return Err(RewriteError::undecided(name, why, found.tables));
                    }
                    match found.bindings.pop() {
                        Some(further) => further,
                        None => Binding::Exposed(exposed, pair),
                    }
                }
                Exposed::Ambiguous => {
                    return Err(RewriteError::ambiguous(name, "a subquery has it twice"));
                }
                Exposed::Missing => Binding::Other,
            },
        })
    }

    /// The relation that a qualifier means: the innermost of that name.
    pub(crate) fn relation<'s>(
        &self,
        schema: Option<&Ident>,
        table: &Ident,
        scope: &'s Scope<'s, 'a>,
    ) -> Result<Option<&'s Relation<'a>>> {
        Ok(self.relation_in(schema, table, scope)?.map(|(relation, _)| relation))
    }

    /// The same, and the scope that it is in.
    pub(super) fn relation_in<'s>(
        &self,
        schema: Option<&Ident>,
        table: &Ident,
        scope: &'s Scope<'s, 'a>,
    ) -> Result<Option<(&'s Relation<'a>, &'s Scope<'s, 'a>)>> {
        let name = self.fold(table);
        let mut next = Some(scope);
        while let Some(here) = next {
            let mut matching = here.relations.iter().filter(|relation| {
                relation.name.as_deref().is_some_and(|own| self.same_table(own, &name))
                    && schema.is_none_or(|schema| self.is_in(relation, &self.fold(schema)))
            });
            match (matching.next(), matching.next()) {
                (Some(relation), None) => return Ok(Some((relation, here))),
                (Some(_), Some(_)) => {
                    return Err(RewriteError::unsupported(format!(
                        "`{}`, which is two tables in scope",
                        table.value
                    )));
                }
                (None, _) => next = here.outer,
            }
        }
        Ok(None)
    }

    fn is_in(&self, relation: &Relation<'_>, schema: &str) -> bool {
        if relation.aliased || relation.is_substituted {
            return false;
        }
        match (&relation.schema, &relation.kind) {
            (Some(own), _) if self.same_table(own, schema) => true,
            (_, RelationKind::Mapped(table)) => self
                .mapping
                .table(self.dialect, Some(schema), table.table.name.as_str())
                .is_some_and(|found| std::ptr::eq(found, *table)),
            (None, _) => true,
            (Some(_), _) => false,
        }
    }
}
