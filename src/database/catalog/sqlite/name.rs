//! Quotes names for SQLite.

use crate::database::Dialect;
use crate::model::Identifier;

pub(super) fn quote(name: &str) -> String {
    Identifier::new(name).map(|name| Dialect::Sqlite.quote(&name)).unwrap_or_default()
}
