use std::ops::Range;

use sqlparser::ast::Ident;

use super::binder::Meaning;
use super::context::{Clause, Place};
use super::scope::Scope;
use crate::Dialect;
use crate::shim::mapping::MappedColumn;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

/// A column reference that has been mapped.
#[derive(Debug, Clone)]
pub(crate) struct Named<'m> {
    /// The name by which the code knows it, folded.
    pub(crate) name: String,
    /// The renamed column that it is.
    pub(crate) pair: Option<&'m MappedColumn>,
    /// The database would now report it by another name.
    pub(crate) differs: bool,
}

impl<'a> Rewriter<'a> {
    /// Maps one column reference, `column`, `table.column` or `schema.table.column`.
    pub(crate) fn column(&mut self, parts: &[Ident], place: Place<'_, 'a>) -> Done<Named<'a>> {
        let Some((ident, qualifiers)) = parts.split_last() else {
            return Err(RewriteError::misplaced("a name"));
        };
        self.keep_all(qualifiers)?;
        let name = self.fold(ident).into_owned();
        let meaning = self.meaning(parts, place)?;
        match meaning {
            Meaning::Column(pair, source) => {
                let bare = qualifiers.is_empty();
                let qualify = bare && self.needs_qualifier(pair, place);
                if qualify && source.is_empty() {
                    return Err(RewriteError::ambiguous(name, "the projection has that name too"));
                }
                let another = !self.dialect.same_column(&name, pair.read().as_str());
                let qualify = qualify || bare && another && is_among_others(&source, place.scope);
                let qualifier = qualify.then(|| self.text.sql[source].to_owned());
                self.rename(ident, pair.read(), qualifier.as_deref())?;
                let name = self.code_name(ident, pair);
                let differs = !self.dialect.same_column(&name, pair.read().as_str());
                Ok(Named { name, pair: Some(pair), differs })
            }
            Meaning::Exposed(exposed, pair) => {
                self.rename(ident, &Self::identifier(&exposed)?, None)?;
                Ok(Named { name: self.code_name(ident, pair), pair: Some(pair), differs: true })
            }
            Meaning::Row(row) => {
                self.row_value(&row, ident)?;
                Ok(Named { name, pair: None, differs: false })
            }
            Meaning::Same(pair) => {
                self.keep(ident)?;
                Ok(Named { name, pair, differs: false })
            }
            Meaning::Other => {
                self.keep(ident)?;
                Ok(Named { name, pair: None, differs: false })
            }
        }
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

    /// Whether the physical name alone would mean an output column instead.
    fn needs_qualifier(&self, pair: &MappedColumn, place: Place<'_, 'a>) -> bool {
        matches!(place.clause, Clause::Group | Clause::Having | Clause::Order)
            && place.scope.outputs.columns.iter().any(|column| {
                self.dialect.same_column(&column.name, pair.read().as_str())
                    && column.pair != Some(pair)
            })
    }
}

/// Whether a name without its table is looked up in other tables too before it is found in this
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
