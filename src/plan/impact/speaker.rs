//! Describes the effects of statements on a kind of database.

use sqlparser::ast::ObjectName;

use super::{Effect, Extent, Traffic};
use crate::database::Dialect;
use crate::model::{Deploy, Identifier, TableName};

/// Describes the effects of statements on a kind of database.
pub(super) struct Speaker {
    pub(super) dialect: Option<Dialect>,
    /// The time at which they run.
    pub(super) deploy: Deploy,
}

impl Speaker {
    pub(super) fn effect(
        &self,
        what: impl Into<String>,
        traffic: Traffic,
        extent: Extent,
        table: &ObjectName,
    ) -> Effect {
        Effect { what: what.into(), traffic, extent, table: self.table(table) }
    }

    /// The table's name as the catalog stores it: PostgreSQL folds an unquoted name to lower case.
    pub(super) fn table(&self, name: &ObjectName) -> Option<TableName> {
        let parts = name.0.iter().map(|part| {
            let part = part.as_ident()?;
            let folds = self.dialect == Some(Dialect::Postgres) && part.quote_style.is_none();
            let text = if folds { part.value.to_lowercase() } else { part.value.clone() };
            Identifier::new(text).ok()
        });
        let mut parts = parts.collect::<Option<Vec<_>>>()?.into_iter().rev();
        Some(TableName { name: parts.next()?, schema: parts.next() })
    }

    /// The effect of a drop, as words and as traffic. Before the roll-out, code of the earlier
    /// release may still be running and use what is dropped; after it, every process has been
    /// replaced.
    pub(super) const fn without(&self) -> (&'static str, Traffic) {
        match self.deploy {
            Deploy::Pre => ("; code that still uses it fails", Traffic::Breaks),
            Deploy::Post => (", which the release itself must not use any more", Traffic::Runs),
        }
    }
}
