//! Whether the default of a column can be computed on its own.

use sqlparser::dialect::{MySqlDialect, SQLiteDialect};
use sqlparser::tokenizer::{Token, Tokenizer, Word};

use crate::database::Dialect;

/// Words in expressions that are not column names.
const WORDS: &str = "
    null true false current_timestamp current_date current_time localtime localtimestamp and or not
    case when then else end is in between like glob";

/// Returns true if a default can be computed on its own, without a row of its table. On PostgreSQL
/// every default can; elsewhere it may name other columns, and if that cannot be ruled out, returns
/// false.
pub(crate) fn stands_alone(dialect: Dialect, default: &str) -> bool {
    let tokens = match dialect {
        Dialect::Postgres => return true,
        Dialect::Sqlite => Tokenizer::new(&SQLiteDialect {}, default).tokenize(),
        Dialect::MariaDb => Tokenizer::new(&MySqlDialect {}, default).tokenize(),
    };
    let Ok(tokens) = tokens else { return false };
    let tokens: Vec<_> =
        tokens.into_iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect();
    let known = |word: &Word| {
        let own = word.value.to_lowercase();
        word.quote_style.is_none() && WORDS.split_ascii_whitespace().any(|word| word == own)
    };
    !tokens.is_empty()
        && tokens.iter().enumerate().all(|(at, token)| match token {
            Token::Word(word) => {
                known(word)
                    || word.quote_style.is_none() && tokens.get(at + 1) == Some(&Token::LParen)
            }
            // SQLite reads a text in double quotes as a name if there is such a name.
            Token::DoubleQuotedString(_) => false,
            _ => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_that_name_columns_are_told_from_others() {
        for (dialect, default) in [
            (Dialect::Sqlite, "lower(hex(randomblob(8)))"),
            (Dialect::Sqlite, "CURRENT_TIMESTAMP"),
            (Dialect::Sqlite, "'a' || random()"),
            (Dialect::MariaDb, "uuid()"),
            (Dialect::MariaDb, "concat('u',uuid_short())"),
            (Dialect::Postgres, "nextval('s'::regclass)"),
        ] {
            assert!(stands_alone(dialect, default), "{default}");
        }
        for (dialect, default) in [
            (Dialect::Sqlite, "abc"),
            (Dialect::Sqlite, "\"abc\""),
            (Dialect::Sqlite, ""),
            (Dialect::MariaDb, "lower(`email`)"),
            (Dialect::MariaDb, "nextval(`db`.`s`)"),
            (Dialect::MariaDb, "concat(email,uuid())"),
        ] {
            assert!(!stands_alone(dialect, default), "{default}");
        }
    }
}
