//! The grammar of each dialect.

use sqlparser::dialect::Dialect as Grammar;

use super::mariadb::MariaDbGrammar;
use super::postgres::PostgresGrammar;
use super::sqlite::SqliteGrammar;
use crate::Dialect;

/// The parser's rules for a dialect.
pub(crate) fn grammar(dialect: Dialect) -> &'static dyn Grammar {
    match dialect {
        Dialect::Sqlite => &SqliteGrammar,
        Dialect::Postgres => &PostgresGrammar,
        Dialect::MariaDb => &MariaDbGrammar,
    }
}
