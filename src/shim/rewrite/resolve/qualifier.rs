use sqlparser::ast::Ident;

use super::binder::Meaning;
use super::output_columns::Exposed;
use super::scope::{Kind, Relation, Scope};
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl<'a> Rewriter<'a> {
    pub(super) fn qualified(
        &self,
        schema: Option<&Ident>,
        table: &Ident,
        ident: &Ident,
        scope: &Scope<'_, 'a>,
    ) -> Done<Meaning<'a>> {
        let name = self.fold(ident);
        if !self.is_mapped_column(&name) {
            if self.is_of_system(&name)
                && let Some(relation) = self.relation(schema, table, scope)?
            {
                self.check_not_of_system(&name, std::slice::from_ref(relation))?;
            }
            return Ok(Meaning::Other);
        }
        let Some(relation) = self.relation(schema, table, scope)? else {
            let form = format!("`{}`, which is no table in scope", table.value);
            return Err(RewriteError::unsupported(form));
        };
        Ok(match &relation.kind {
            Kind::Mapped(mapped) => match mapped.column(self.dialect, &name) {
                Some(pair) => Meaning::Column(pair, relation.source.clone()),
                None => Meaning::Other,
            },
            Kind::Unknown => Meaning::Other,
            Kind::Pending => {
                return Err(RewriteError::unsupported("a column of a query that refers to itself"));
            }
            Kind::Derived(outputs) => match outputs.find(self.dialect, &name) {
                Exposed::Same(pair) => Meaning::Same(pair),
                Exposed::Other(exposed, pair) if !outputs.open => Meaning::Exposed(exposed, pair),
                Exposed::Other(..) => {
                    return Err(RewriteError::ambiguous(
                        name,
                        "a table of the subquery may have it",
                    ));
                }
                Exposed::Ambiguous => {
                    return Err(RewriteError::ambiguous(name, "a subquery has it twice"));
                }
                Exposed::Missing => Meaning::Other,
            },
        })
    }

    /// The relation that a qualifier means: the innermost of that name.
    pub(crate) fn relation<'s>(
        &self,
        schema: Option<&Ident>,
        table: &Ident,
        scope: &'s Scope<'s, 'a>,
    ) -> Done<Option<&'s Relation<'a>>> {
        Ok(self.relation_in(schema, table, scope)?.map(|(relation, _)| relation))
    }

    /// The same, and the scope that it is in.
    pub(super) fn relation_in<'s>(
        &self,
        schema: Option<&Ident>,
        table: &Ident,
        scope: &'s Scope<'s, 'a>,
    ) -> Done<Option<(&'s Relation<'a>, &'s Scope<'s, 'a>)>> {
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
        if relation.aliased || relation.shown {
            return false;
        }
        match (&relation.schema, &relation.kind) {
            (Some(own), _) if self.same_table(own, schema) => true,
            (_, Kind::Mapped(table)) => self
                .mapping
                .table(self.dialect, Some(schema), table.table.name.as_str())
                .is_some_and(|found| std::ptr::eq(found, *table)),
            (None, _) => true,
            (Some(_), _) => false,
        }
    }
}
