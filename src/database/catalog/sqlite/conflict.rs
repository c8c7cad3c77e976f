//! `ON CONFLICT` clauses in a table of SQLite. A copy of the column cannot have them, since neither
//! an index nor an added column can have such a clause.

use sqlparser::dialect::SQLiteDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

/// Reads each clause of a CREATE TABLE statement that differs from the default: the column that it
/// concerns, and the clause. No pragma shows it.
///
/// The text is SQLite's own record of the table and well-formed. Definitions stand between commas at
/// depth one; those of columns come first, and begin with the column's name.
pub(super) fn read_dependents(create_table: &str) -> Vec<(String, String)> {
    let Ok(mut tokens) = Tokenizer::new(&SQLiteDialect {}, create_table).tokenize() else {
        return Vec::new();
    };
    tokens.retain(|token| !matches!(token, Token::Whitespace(_)));
    let mut depth = 0_usize;
    let mut found = Vec::new();
    let mut part: Vec<(usize, &Token)> = Vec::new();
    for token in &tokens {
        match token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 || (depth == 1 && matches!(token, Token::Comma)) {
            found.extend(of_part(&part));
            part.clear();
        } else if !(depth == 1 && part.is_empty() && matches!(token, Token::LParen)) {
            part.push((depth, token));
        }
    }
    found
}

fn of_part(part: &[(usize, &Token)]) -> Vec<(String, String)> {
    let Some(clause) = part.windows(3).find_map(|three| {
        let on_conflict = is(three[0].1, "ON") && is(three[1].1, "CONFLICT");
        let other = on_conflict && !is(three[2].1, "ABORT");
        other.then(|| format!("ON CONFLICT {}", three[2].1.to_string().to_uppercase()))
    }) else {
        return Vec::new();
    };
    let of_table = |token: &Token| {
        ["CONSTRAINT", "UNIQUE", "PRIMARY", "CHECK", "FOREIGN"].iter().any(|word| is(token, word))
    };
    let columns: Vec<String> = match part.first() {
        Some((_, first)) if !of_table(first) => name(first).into_iter().collect(),
        _ => part.iter().filter(|(depth, _)| *depth > 1).filter_map(|(_, t)| name(t)).collect(),
    };
    columns.into_iter().map(|column| (column, clause.clone())).collect()
}

fn is(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(own)
        if own.quote_style.is_none() && own.value.eq_ignore_ascii_case(word))
}

fn name(token: &Token) -> Option<String> {
    match token {
        Token::Word(word) => Some(word.value.clone()),
        Token::SingleQuotedString(name) | Token::DoubleQuotedString(name) => Some(name.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_found_with_their_columns() {
        let sql = "CREATE TABLE \"on\" (id INTEGER PRIMARY KEY on conflict replace, \
                   [a b] TEXT NOT NULL ON CONFLICT Ignore UNIQUE, c DEFAULT ('ON CONFLICT FAIL'), \
                   d VARCHAR(9, 2) UNIQUE ON CONFLICT ABORT, 'e' CHECK (e <> ',') UNIQUE, \
                   CONSTRAINT x UNIQUE (c, \"e\") ON CONFLICT ROLLBACK, CHECK (d <> 'on conflict'))";
        let found = read_dependents(sql);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(column, clause)| (column.as_str(), clause.as_str())).collect();
        let expected = [
            ("id", "ON CONFLICT REPLACE"),
            ("a b", "ON CONFLICT IGNORE"),
            ("c", "ON CONFLICT ROLLBACK"),
            ("e", "ON CONFLICT ROLLBACK"),
        ];
        assert_eq!(found, expected);
    }
}
