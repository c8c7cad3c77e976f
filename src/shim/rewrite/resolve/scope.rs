//! Scopes, and the relations in them that a column's name can refer to.

use std::ops::Range;

use super::output_columns::Outputs;
use super::unmapped_table::UnmappedTable;
use crate::Dialect;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::mapped_table::MappedTable;

/// A table, a query or a function that column names can refer to.
#[derive(Debug, Clone)]
pub(crate) struct Relation<'m> {
    /// Its alias or name, folded.
    pub(crate) name: Option<String>,
    /// The schema it was written with, folded; an alias has none.
    pub(crate) schema: Option<String>,
    /// The name was given with `AS`.
    pub(crate) aliased: bool,
    /// The bytes by which a column can be qualified with it.
    pub(crate) source: Range<usize>,
    pub(crate) kind: RelationKind<'m>,
    /// Only names that are qualified with it refer to it, as with `excluded`.
    pub(crate) qualified_only: bool,
    /// It is a mapped table for which a subquery of the code's columns is substituted.
    pub(crate) is_substituted: bool,
    /// Such a one whose columns have new names, which a value of the table's row would not have.
    pub(crate) has_column_aliases: bool,
}

/// The knowledge about a relation's columns.
#[derive(Debug, Clone)]
pub(crate) enum RelationKind<'m> {
    /// A table with renamed columns.
    Mapped(&'m MappedTable),
    /// A table without a renamed column.
    Unmapped(UnmappedTable<'m>),
    /// A function that may have any columns.
    Unknown,
    /// A query.
    Derived(Outputs<'m>),
    /// A recursive query whose columns are not known yet.
    Pending,
}

/// The relations that a name can refer to, from the inside out.
#[derive(Debug, Default)]
pub(crate) struct Scope<'s, 'm> {
    pub(crate) outer: Option<&'s Scope<'s, 'm>>,
    pub(crate) relations: Vec<Relation<'m>>,
    /// `JOIN … USING` or `NATURAL JOIN` merge columns here.
    pub(crate) has_merged_columns: bool,
    /// The projection has a `*` of all relations.
    pub(crate) has_star: bool,
    /// It is a `SELECT`'s, so nothing in it is changed.
    pub(crate) is_select: bool,
    /// The output columns of the `SELECT`, as far as they have been seen.
    pub(crate) outputs: Outputs<'m>,
    /// The names given with `AS` in the projection, and the column where it is just one.
    pub(crate) aliases: Vec<(String, Option<String>)>,
}

impl<'m> Scope<'_, 'm> {
    pub(crate) fn mapped(&self) -> impl Iterator<Item = &'m MappedTable> {
        self.relations.iter().filter_map(|relation| match relation.kind {
            RelationKind::Mapped(table) => Some(table),
            _ => None,
        })
    }

    /// Returns true if the projection gives this name to something that is not the column itself.
    pub(super) fn has_alias(&self, dialect: Dialect, name: &str, pair: &MappedColumn) -> bool {
        let is = |text: &str| {
            dialect.same_column(pair.from.as_str(), text)
                || dialect.same_column(pair.to.as_str(), text)
        };
        self.aliases
            .iter()
            .any(|(alias, of)| dialect.same_column(alias, name) && !of.as_deref().is_some_and(is))
    }
}
