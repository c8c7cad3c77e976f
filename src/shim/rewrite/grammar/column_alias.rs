//! The words that cannot be a column's alias without `AS`.

use sqlparser::keywords::Keyword;

use crate::Dialect;

/// Returns true if a word may be a column's alias without `AS`. These are reserved in the database; the
/// parser takes `ON` for the name of `'x'` in `INSERT INTO t SELECT 'x' ON CONFLICT DO NOTHING`.
pub(super) const fn may_be_alias(dialect: Dialect, keyword: Keyword) -> bool {
    match keyword {
        Keyword::ON | Keyword::USING => false,
        Keyword::FOR => matches!(dialect, Dialect::Sqlite),
        Keyword::WINDOW => !matches!(dialect, Dialect::Postgres),
        _ => true,
    }
}
