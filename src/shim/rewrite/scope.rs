use std::ops::Range;
use std::rc::Rc;

use super::outputs::Outputs;
use crate::Dialect;
use crate::shim::mapping::{MappedColumn, MappedTable};

/// A table, a query or a function that column names can refer to.
#[derive(Debug, Clone)]
pub(super) struct Relation<'m> {
    /// Its alias or name, folded.
    pub(super) name: Option<String>,
    /// The schema it was written with, folded; an alias has none.
    pub(super) schema: Option<String>,
    /// The name was given with `AS`.
    pub(super) aliased: bool,
    /// The bytes by which a column can be qualified with it.
    pub(super) source: Range<usize>,
    pub(super) kind: Kind<'m>,
    /// Only names that are qualified with it refer to it, as with `excluded`.
    pub(super) qualified_only: bool,
    /// It is a mapped table in whose place a subquery of the code's columns stands.
    pub(super) shown: bool,
    /// Such a one whose columns have new names, which a value of the table's row would not have.
    pub(super) renamed: bool,
}

/// What is known of a relation's columns.
#[derive(Debug, Clone)]
pub(super) enum Kind<'m> {
    /// A table with renamed columns.
    Mapped(&'m MappedTable),
    /// A table or function that may have any columns.
    Unknown,
    /// A query.
    Derived(Outputs<'m>),
    /// A recursive query whose columns are not known yet.
    Pending,
}

/// The relations that a name can refer to, from the inside out.
#[derive(Debug, Default)]
pub(super) struct Scope<'s, 'm> {
    pub(super) outer: Option<&'s Scope<'s, 'm>>,
    pub(super) relations: Vec<Relation<'m>>,
    /// `JOIN … USING` or `NATURAL JOIN` merge columns here.
    pub(super) merged: bool,
    /// The projection has a `*` of all relations.
    pub(super) starred: bool,
    /// It is a `SELECT`'s, so nothing in it is changed.
    pub(super) selects: bool,
    /// The output columns of the `SELECT`, as far as they have been seen.
    pub(super) outputs: Outputs<'m>,
    /// The names given with `AS` in the projection, and the column where it is just one.
    pub(super) aliases: Vec<(String, Option<String>)>,
}

impl<'m> Scope<'_, 'm> {
    pub(super) fn mapped(&self) -> impl Iterator<Item = &'m MappedTable> {
        self.relations.iter().filter_map(|relation| match relation.kind {
            Kind::Mapped(table) => Some(table),
            _ => None,
        })
    }

    /// Whether the projection gives this name to something that is not the column itself.
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

/// Where in a `SELECT` a name is: the names of output columns are visible in some places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clause {
    Projection,
    Plain,
    Group,
    Having,
    Order,
}

/// Where an expression is.
#[derive(Clone, Copy)]
pub(super) struct Place<'s, 'm> {
    pub(super) scope: &'s Scope<'s, 'm>,
    pub(super) ctes: &'s Ctes<'m>,
    pub(super) clause: Clause,
}

impl<'s, 'm> Place<'s, 'm> {
    pub(super) fn new(scope: &'s Scope<'s, 'm>, ctes: &'s Ctes<'m>) -> Self {
        Self { scope, ctes, clause: Clause::Plain }
    }

    pub(super) fn within(self, clause: Clause) -> Self {
        Self { clause, ..self }
    }

    /// What surrounds a query at this place.
    pub(super) fn env(self) -> Env<'s, 'm> {
        Env { outer: Some(self.scope), ctes: self.ctes.clone() }
    }
}

/// A common table expression.
#[derive(Debug)]
pub(super) struct Cte<'m> {
    pub(super) name: String,
    /// `None` while it is not known.
    pub(super) outputs: Option<Outputs<'m>>,
    pub(super) outer: Ctes<'m>,
}

/// The common table expressions in scope, the innermost first.
pub(super) type Ctes<'m> = Option<Rc<Cte<'m>>>;

/// What surrounds a query.
#[derive(Clone)]
pub(super) struct Env<'s, 'm> {
    pub(super) outer: Option<&'s Scope<'s, 'm>>,
    pub(super) ctes: Ctes<'m>,
}

impl<'m> Env<'_, 'm> {
    pub(super) fn bind(&mut self, name: String, outputs: Option<Outputs<'m>>) {
        self.ctes = Some(Rc::new(Cte { name, outputs, outer: self.ctes.take() }));
    }

    pub(super) fn cte(&self, same: impl Fn(&str) -> bool) -> Option<&Cte<'m>> {
        let mut next = self.ctes.as_deref();
        while let Some(cte) = next {
            if same(&cte.name) {
                return Some(cte);
            }
            next = cte.outer.as_deref();
        }
        None
    }
}
