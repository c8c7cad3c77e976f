use std::ops::Range;

use sqlparser::ast::Ident;

use super::context::Place;
use super::output_columns::Exposed;
use super::scope::{Kind, Scope};
use super::whole_row::WholeRow;
use crate::shim::mapping::MappedColumn;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

/// What a column name means.
#[derive(Debug, Clone)]
pub(crate) enum Meaning<'m> {
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
    pub(crate) fn meaning(&self, parts: &[Ident], place: Place<'_, 'a>) -> Done<Meaning<'a>> {
        match parts {
            [ident] => self.bare(ident, place),
            [.., table, ident] => {
                let schema = parts.len().checked_sub(3).and_then(|at| parts.get(at));
                self.qualified(schema, table, ident, place.scope)
            }
            [] => Ok(Meaning::Other),
        }
    }

    fn bare(&self, ident: &Ident, place: Place<'_, 'a>) -> Done<Meaning<'a>> {
        let name = self.fold(ident);
        if let Some(row) = self.whole_row(&name, place) {
            return Ok(Meaning::Row(row));
        }
        self.check_not_of_system(&name, &place.scope.relations)?;
        self.check_not_row_of_renamed(&name, place)?;
        if !self.is_mapped_column(&name) {
            return Ok(Meaning::Other);
        }
        let ambiguous = |why: &str| Err(RewriteError::ambiguous(name.as_ref(), why));
        let mut scope = Some(place.scope);
        let mut hidden = false;
        while let Some(here) = scope {
            let (found, unknown) = self.candidates(&name, here)?;
            if found.is_empty() && std::ptr::eq(here, place.scope) && self.is_alias(&name, place) {
                return Ok(Meaning::Same(None));
            }
            let Some(meaning) = found.first() else {
                hidden |= unknown;
                scope = here.outer;
                continue;
            };
            if !found.iter().any(|m| matches!(m, Meaning::Column(..) | Meaning::Exposed(..))) {
                return Ok(meaning.clone());
            }
            if found.len() > 1 {
                return ambiguous("more than one table has it");
            }
            if hidden {
                return ambiguous("a table of the subquery may have it");
            }
            // The name that this process's code uses is the column's in the schema the code was
            // written for, so no other table can have had it there. The other name may be new.
            let certain = matches!(meaning, Meaning::Column(pair, _)
                if self.dialect.same_column(pair.side(pair.code).as_str(), &name));
            if !certain && (unknown || self.outer_may_have(&name, meaning, here.outer)?) {
                return ambiguous("another table may have it");
            }
            if let Meaning::Column(pair, _) = meaning
                && std::ptr::eq(here, place.scope)
                && here.has_alias(self.dialect, &name, pair)
                && self.alias_may_win(place.clause, certain)
            {
                return ambiguous("the projection gives that name to something else");
            }
            return Ok(meaning.clone());
        }
        Ok(Meaning::Other)
    }

    /// What a bare name can mean in one scope, and whether a table there may have it unseen.
    fn candidates(&self, name: &str, scope: &Scope<'_, 'a>) -> Done<(Vec<Meaning<'a>>, bool)> {
        let mut found = Vec::new();
        let mut unknown = false;
        for relation in scope.relations.iter().filter(|relation| !relation.qualified_only) {
            match &relation.kind {
                Kind::Mapped(table) => match table.column(self.dialect, name) {
                    Some(pair) => found.push(Meaning::Column(pair, relation.source.clone())),
                    None if table.physical.is_empty() => unknown = true,
                    None if table.physical.iter().any(|c| self.dialect.same_column(c, name)) => {
                        found.push(Meaning::Other);
                    }
                    None => {}
                },
                Kind::Unknown | Kind::Pending => unknown = true,
                Kind::Derived(outputs) => match outputs.find(self.dialect, name) {
                    Exposed::Same(pair) => found.push(Meaning::Same(pair)),
                    Exposed::Other(exposed, pair) => found.push(Meaning::Exposed(exposed, pair)),
                    Exposed::Ambiguous => {
                        return Err(RewriteError::ambiguous(name, "a subquery has it twice"));
                    }
                    Exposed::Missing => unknown |= outputs.open,
                },
            }
        }
        Ok((found, unknown))
    }

    /// Whether a surrounding query has the name too, other than as the same renamed column: where
    /// that column is not called so, it is not there either.
    fn outer_may_have(
        &self,
        name: &str,
        meaning: &Meaning<'a>,
        mut scope: Option<&Scope<'_, 'a>>,
    ) -> Done<bool> {
        let same = |other: &Meaning<'_>| match (meaning, other) {
            (Meaning::Column(a, _), Meaning::Column(b, _)) => std::ptr::eq(*a, *b),
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
