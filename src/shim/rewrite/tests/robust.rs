//! No text makes the rewriting panic, and what it gives can be parsed.

use sqlparser::parser::Parser;

use super::*;
use crate::shim::rewrite::grammar::grammar;

/// A small generator of numbers: the tests must not differ from run to run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }
}

const PARTS: &[&str] = &[
    "username",
    "handle",
    "\"username\"",
    "users",
    "users.",
    "u",
    "*",
    "(",
    ")",
    ",",
    "?",
    "$1",
    "'",
    "\"",
    "`",
    "--",
    "/*",
    "*/",
    "\n",
    "\r\n",
    "é",
    "😀",
    " AS ",
    " SELECT ",
    " FROM users ",
    " WHERE ",
    " ORDER BY ",
    " UNION ",
    " JOIN ",
    " ON ",
    "=",
    "::",
    "[1]",
    "NULL",
    " IS ",
    " IS NOT ",
    ";",
    " RETURNING ",
    " SET ",
    " VALUES ",
    " WITH ",
    " ON CONFLICT ",
    "(username) WHERE ",
    "excluded.",
];

fn mutated(sql: &str, numbers: &mut Numbers) -> String {
    let mut chars: Vec<char> = sql.chars().collect();
    for _ in 0..=numbers.below(2) {
        let at = numbers.below(chars.len() + 1);
        match numbers.below(4) {
            0 if at < chars.len() => {
                let end = (at + 1 + numbers.below(8)).min(chars.len());
                chars.drain(at..end);
            }
            1 => {
                let end = (at + numbers.below(20)).min(chars.len());
                let copy = chars[at..end].to_vec();
                let to = numbers.below(chars.len() + 1);
                chars.splice(to..to, copy);
            }
            _ => {
                let part = PARTS[numbers.below(PARTS.len())];
                chars.splice(at..at, part.chars());
            }
        }
    }
    chars.into_iter().collect()
}

#[test]
fn mutated_statements_never_panic_and_stay_readable() {
    let statements: Vec<String> = include_str!("differential.sql")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.trim_start_matches("@position ").split(" ;; ").next().unwrap_or_default())
        .map(|sql| sql.replace("{c}", "username"))
        .collect();
    let mut numbers = Numbers(0x5EED_1234_ABCD);
    let (mut edited, mut refused) = (0, 0);
    for round in 0..20_000 {
        let sql = mutated(&statements[round % statements.len()], &mut numbers);
        let dialect = [Dialect::Sqlite, Dialect::Postgres, Dialect::MariaDb][numbers.below(3)];
        let state = State::OF_A_RENAME[numbers.below(5)];
        match rewrite(&sql, dialect, &mapping(state, dialect, Side::From)) {
            Ok(Rewrite::Untouched) => {}
            Ok(Rewrite::Edited { sql: new, values }) => {
                edited += 1;
                let again = rewrite(&new, dialect, &mapping(state, dialect, Side::From));
                assert!(
                    !matches!(again, Err(RewriteError::Parse { .. })),
                    "{sql}\n  became unreadable: {new}"
                );
                let count = |sql: &str| {
                    let tokens = sqlparser::tokenizer::Tokenizer::new(grammar(dialect), sql);
                    let tokens = { tokens }.tokenize().unwrap();
                    tokens.iter().filter(|token| token.to_string() == "?").count()
                };
                if let Some(values) = values {
                    assert_eq!(values.len(), count(&new), "{new}");
                }
            }
            Err(_) => refused += 1,
        }
    }
    assert!(edited > 1000 && refused > 1000, "{edited} edited, {refused} refused");
}

#[test]
fn deep_and_long_statements_are_handled_on_a_small_stack() {
    let run = || {
        let chain = " OR username = 'x'".repeat(20_000);
        let sql = format!("SELECT id FROM users WHERE id = 1{chain}");
        let (new, _) = sent(READ_TO, Dialect::Postgres, &sql).unwrap();
        assert_eq!(new.matches("\"handle\"").count(), 20_000);
        let unions = " UNION ALL SELECT username FROM users".repeat(2_000);
        let (new, _) =
            sent(READ_TO, Dialect::Sqlite, &format!("SELECT 1 FROM users{unions}")).unwrap();
        assert_eq!(new.matches("`handle`").count(), 2_000);
        let rows = vec!["(?, ?)"; 5_000].join(", ");
        let sql = format!("INSERT INTO users (username, email) VALUES {rows}");
        let (_, values) = sent(DUAL_WRITE, Dialect::Sqlite, &sql).unwrap();
        assert_eq!(values.map(|values| values.len()), Some(15_000));
        let nested = format!("SELECT {}1{} FROM users", "(".repeat(5_000), ")".repeat(5_000));
        let found = sent(READ_TO, Dialect::Postgres, &nested);
        assert!(matches!(found, Err(RewriteError::Parse { .. })));
    };
    std::thread::Builder::new().stack_size(1024 * 1024).spawn(run).unwrap().join().unwrap();
}

/// The stack ends in another function of the parser each time: an overflow ends the process.
#[test]
fn nested_queries_are_handled_wherever_the_stack_ends() {
    let mut sql = "username = 'x'".to_owned();
    for level in 0..7 {
        sql = format!(
            "CASE WHEN EXISTS (SELECT 1 FROM posts JOIN users u{level} ON {sql}) THEN u.id END = 1"
        );
    }
    let sql = format!("SELECT username FROM users AS u WHERE {sql}");
    for kilobytes in (640..2_600).step_by(40) {
        let sql = sql.clone();
        let run = move || {
            let found = sent(READ_TO, Dialect::Sqlite, &sql);
            assert!(!matches!(found, Err(RewriteError::Parse { .. })), "{found:?}");
        };
        let thread = std::thread::Builder::new().stack_size(kilobytes * 1024);
        thread.spawn(run).unwrap().join().unwrap();
    }
}

#[test]
fn what_is_sent_can_be_sent_again() {
    // A text that is rewritten already means the same once more, in the same state.
    for sql in ["SELECT username FROM users", "DELETE FROM users WHERE username = 'a'"] {
        for state in State::OF_A_RENAME {
            for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MariaDb] {
                let (once, _) = sent(state, dialect, sql).unwrap();
                let (twice, _) = sent(state, dialect, &once).unwrap();
                assert_eq!(once, twice);
                assert!(Parser::parse_sql(grammar(dialect), &once).is_ok());
            }
        }
    }
}
