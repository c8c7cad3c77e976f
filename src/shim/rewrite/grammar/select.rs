use sqlparser::dialect::Dialect as Grammar;
use sqlparser::keywords::Keyword;

use super::mysql::MariadbGrammar;
use super::postgres::PostgresGrammar;
use super::sqlite::SqliteGrammar;
use crate::Dialect;

/// The parser's rules for a dialect.
pub(in crate::shim::rewrite) fn grammar(dialect: Dialect) -> &'static dyn Grammar {
    match dialect {
        Dialect::Sqlite => &SqliteGrammar,
        Dialect::Postgres => &PostgresGrammar,
        Dialect::Mysql => &MariadbGrammar,
    }
}

/// Whether a word may be a column's alias without `AS`. These are reserved in the database; the
/// parser takes `ON` for the name of `'x'` in `INSERT INTO t SELECT 'x' ON CONFLICT DO NOTHING`.
pub(super) const fn may_be_alias(dialect: Dialect, keyword: Keyword) -> bool {
    match keyword {
        Keyword::ON | Keyword::USING => false,
        Keyword::FOR => matches!(dialect, Dialect::Sqlite),
        Keyword::WINDOW => !matches!(dialect, Dialect::Postgres),
        _ => true,
    }
}
