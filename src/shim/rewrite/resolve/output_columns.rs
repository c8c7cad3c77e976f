//! The output columns of a query, by the names under which the code knows them.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT handle FROM (SELECT username FROM users) AS u
//! -- becomes
//! SELECT "username" AS "handle" FROM (SELECT username FROM users) AS u
//! ```

use super::unmapped_table::UnmappedTable;
use crate::Dialect;
use crate::shim::mapped_column::MappedColumn;

/// One column that a query gives.
#[derive(Debug, Clone)]
pub(crate) struct OutputColumn<'m> {
    /// Its name, folded; empty where no code can depend on it.
    pub(crate) name: String,
    /// The renamed column that it is, under a name that the code did not choose with `AS`: it can
    /// be meant by the other name of the pair too.
    pub(crate) pair: Option<&'m MappedColumn>,
}

/// The columns that a query gives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outputs<'m> {
    pub(crate) columns: Vec<OutputColumn<'m>>,
    /// There are further ones, which may have any names.
    pub(crate) open: bool,
    /// The tables whose columns are there too, each in a place that is not counted.
    pub(crate) further: Vec<UnmappedTable<'m>>,
}

/// The meaning of a name among the columns of a query.
pub(crate) enum Exposed<'m> {
    /// The column of just that name.
    Same(Option<&'m MappedColumn>),
    /// The column of the other name of the pair, which is this one.
    Other(String, &'m MappedColumn),
    /// More than one column.
    Ambiguous,
    /// None, or one of those that are not known.
    Missing,
}

impl<'m> Outputs<'m> {
    pub(crate) fn push(&mut self, name: String, pair: Option<&'m MappedColumn>) {
        self.columns.push(OutputColumn { name, pair });
    }

    pub(crate) fn push_alias(&mut self, name: String) {
        self.columns.push(OutputColumn { name, pair: None });
    }

    pub(crate) fn append(&mut self, other: &Self) {
        self.columns.extend(other.columns.iter().cloned());
        self.further.extend(other.further.iter().cloned());
        self.open |= other.open;
    }

    /// Returns true if there are further columns than those that are listed here.
    pub(crate) const fn is_open(&self) -> bool {
        self.open || !self.further.is_empty()
    }

    /// The number of columns, where it is known.
    pub(crate) fn count(&self) -> Option<usize> {
        (!self.is_open()).then_some(self.columns.len())
    }

    /// Gives the first columns new names, as `AS t(a, b)` does.
    pub(crate) fn with_names(mut self, names: &[String]) -> Self {
        // Behind a `*` of unknown columns the positions are not known either.
        let open = self.is_open();
        self.open |= open && !names.is_empty();
        for (at, name) in names.iter().enumerate() {
            match self.columns.get_mut(at) {
                Some(column) if !open => {
                    *column = OutputColumn { name: name.clone(), pair: None };
                }
                _ => self.push_alias(name.clone()),
            }
        }
        self
    }

    pub(crate) fn find(&self, dialect: Dialect, name: &str) -> Exposed<'m> {
        if let Some(same) = self.columns.iter().find(|c| dialect.same_column(&c.name, name)) {
            return Exposed::Same(same.pair);
        }
        let mut others = self.columns.iter().filter_map(|column| {
            let pair = column.pair?;
            (dialect.same_column(pair.from.as_str(), name)
                || dialect.same_column(pair.to.as_str(), name))
            .then_some((column.name.as_str(), pair))
        });
        match (others.next(), others.next()) {
            (None, _) => Exposed::Missing,
            (Some((name, pair)), None) => Exposed::Other(name.to_owned(), pair),
            (Some(_), Some(_)) => Exposed::Ambiguous,
        }
    }
}
