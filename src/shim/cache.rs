use std::sync::Arc;

use quick_cache::sync::Cache;

use super::mapping::Mapping;
use super::rewrite::{Rewrite, RewriteError, rewrite};
use crate::database::Dialect;
use crate::model::State;

/// How a statement is sent under one mapping.
#[derive(Debug)]
pub(super) enum Sending {
    /// As it is.
    Untouched,
    /// With other text.
    Edited {
        sql: String,
        /// For each placeholder of `sql`, which of the statement's values it takes.
        values: Option<Vec<usize>>,
        /// While both columns have unique indexes, an upsert can meet the one that is not its
        /// arbiter; sent again, it finds the row (protocol, section 4).
        upsert: bool,
    },
}

/// What is known of the statements sent under one mapping. Bounded.
#[derive(Debug)]
pub(super) struct StatementCache {
    known: Cache<String, Arc<Sending>>,
}

/// Statements remembered at most. Programs send some hundred different ones; generated `IN` lists
/// of every length are what the bound is for.
const CAPACITY: usize = 4096;

impl Default for StatementCache {
    fn default() -> Self {
        Self { known: Cache::new(CAPACITY) }
    }
}

impl StatementCache {
    /// How to send a statement: from memory, or by rewriting it now.
    pub fn get(
        &self,
        sql: &str,
        dialect: Dialect,
        mapping: &Mapping,
    ) -> Result<Arc<Sending>, RewriteError> {
        if let Some(known) = self.known.get(sql) {
            return Ok(known);
        }
        let sending = Arc::new(match rewrite(sql, dialect, mapping)? {
            Rewrite::Untouched => Sending::Untouched,
            Rewrite::Edited { sql: edited, values } => {
                tracing::debug!(statement = sql, sent = edited, "statement mapped");
                let upsert = both_unique(mapping) && is_upsert(sql);
                Sending::Edited { sql: edited, values, upsert }
            }
        });
        self.known.insert(sql.to_owned(), Arc::clone(&sending));
        Ok(sending)
    }
}

/// Whether some mapped column is in a state with unique indexes on both of its columns.
fn both_unique(mapping: &Mapping) -> bool {
    mapping
        .tables()
        .iter()
        .flat_map(|table| &table.columns)
        .any(|column| matches!(column.state, State::DualWrite | State::ReadTo))
}

/// Taking another statement for an upsert costs nothing but a second failure of the same kind.
fn is_upsert(sql: &str) -> bool {
    sql.as_bytes().windows(11).any(|window| window.eq_ignore_ascii_case(b"on conflict"))
}
