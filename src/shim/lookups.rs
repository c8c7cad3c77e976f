//! The columns of tables that were looked up under one mapping.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::known_columns::{KnownColumns, TableColumns};
use crate::model::TableName;

/// The columns that were looked up under one mapping, of tables without a renamed column.
#[derive(Debug, Default)]
pub(super) struct Lookups(ArcSwap<Known>);

/// The columns that are known at one moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// How often all columns have been forgotten. A statement that was mapped by forgotten ones is
    /// mapped afresh.
    pub generation: u32,
    pub columns: KnownColumns,
}

/// The validity of the columns that are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// For every statement under the same mapping.
    ForMapping,
    /// For this one statement, since names may mean other tables to the next one.
    ForStatement,
}

impl Lookups {
    /// Returns what is known.
    pub fn known(&self) -> Arc<Known> {
        self.0.load_full()
    }

    /// The generation of what is known.
    pub fn generation(&self) -> u32 {
        self.0.load().generation
    }

    /// Adds the columns of a table, unless all were forgotten since that generation.
    pub fn add(&self, generation: u32, table: &TableName, columns: &TableColumns) {
        self.0.rcu(|known| {
            let mut next = Known::clone(known);
            if next.generation == generation {
                next.columns.insert(table.clone(), columns.clone());
            }
            next
        });
    }

    /// Forgets all columns, since one of them may be out of date.
    pub fn forget(&self) {
        self.0.rcu(|known| Known {
            generation: known.generation.wrapping_add(1),
            columns: KnownColumns::default(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lookup that was under way when all columns were forgotten may have seen the earlier ones.
    #[test]
    fn a_lookup_from_before_all_was_forgotten_is_not_added() {
        let lookups = Lookups::default();
        let (posts, tags) = ("posts".parse().unwrap(), "tags".parse().unwrap());
        let columns = TableColumns { names: vec!["id".to_owned()], ..TableColumns::default() };
        let before = lookups.generation();
        lookups.add(before, &posts, &columns);
        assert_eq!(lookups.known().columns.get(&posts), Some(&columns));
        lookups.forget();
        lookups.add(before, &tags, &columns);
        assert!(lookups.known().columns.is_empty());
        lookups.add(lookups.generation(), &tags, &columns);
        assert_eq!(lookups.known().columns.get(&tags), Some(&columns));
    }
}
