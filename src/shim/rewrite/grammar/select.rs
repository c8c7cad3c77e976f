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

/// Whether a word may be a column's alias without `AS`. `ON` is reserved in each of the databases;
/// the parser takes it for the name of `'x'` in `INSERT INTO t SELECT 'x' ON CONFLICT DO NOTHING`.
pub(super) fn may_be_alias(keyword: Keyword) -> bool {
    keyword != Keyword::ON
}
