//! Finds maintenance statements, which the parser does not know in full.

use sqlparser::tokenizer::Token;

use crate::Dialect;
use crate::shim::rewrite::source::Text;

/// Returns true if a statement begins here that reads or changes no rows, and of which the parser does not
/// know all: `VACUUM (ANALYZE) users`, `CHECK TABLE users`, MariaDB's `DO RELEASE_LOCK('users')`.
pub(super) fn is_maintenance(text: &Text<'_>, start: usize) -> bool {
    let first = text.tokens().get(start).map(|token| &token.token);
    let Some(Token::Word(word)) = first else { return false };
    let word = word.value.to_ascii_uppercase();
    match text.dialect {
        Dialect::Sqlite => matches!(word.as_str(), "VACUUM" | "REINDEX"),
        Dialect::Postgres => matches!(word.as_str(), "VACUUM" | "REINDEX" | "CLUSTER"),
        Dialect::MariaDb => {
            matches!(word.as_str(), "CHECK" | "CHECKSUM" | "REPAIR" | "OPTIMIZE" | "SHOW" | "DO")
        }
    }
}
