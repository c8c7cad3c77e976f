//! The words that the parser does not know, with what stands around them.

use crate::Dialect;

/// Units of time that have two parts, as in `INTERVAL '1:30' MINUTE_SECOND`. All are reserved words
/// of MariaDB.
pub(super) const UNITS_OF_TWO_PARTS: [&str; 11] = [
    "DAY_HOUR",
    "DAY_MICROSECOND",
    "DAY_MINUTE",
    "DAY_SECOND",
    "HOUR_MICROSECOND",
    "HOUR_MINUTE",
    "HOUR_SECOND",
    "MINUTE_MICROSECOND",
    "MINUTE_SECOND",
    "SECOND_MICROSECOND",
    "YEAR_MONTH",
];

/// Which of these words, the next ones in the text, the parser must not see; whether they are
/// behind a name.
#[expect(clippy::match_same_arms, reason = "a line a form")]
pub(super) fn unknown_words(
    dialect: Dialect,
    named: bool,
    words: &[&str],
) -> std::ops::Range<usize> {
    match (dialect, words) {
        (Dialect::Postgres, ["FOR", "NO", "KEY", "UPDATE", ..]) => 1..3,
        (Dialect::Postgres, ["FOR", "KEY", "SHARE", ..]) => 1..2,
        (Dialect::Postgres, ["OVERRIDING", "SYSTEM" | "USER", "VALUE", ..]) => 0..3,
        (Dialect::Postgres, ["FROM" | "JOIN" | "UPDATE" | "USING" | ",", "ONLY", name, ..])
            if !matches!(*name, "" | "," | "(" | "." | "*" | "::") =>
        {
            1..2
        }
        (Dialect::Postgres, ["MERGE", "INTO", "ONLY", name, ..])
            if !matches!(*name, "" | "." | "*") =>
        {
            2..3
        }
        // A bound of a window's frame: `'1 day'::interval PRECEDING`.
        (Dialect::Postgres, ["", "::", "INTERVAL", "PRECEDING" | "FOLLOWING", ..]) => 1..3,
        (
            Dialect::Postgres | Dialect::Sqlite,
            ["ROW" | "PRECEDING" | "FOLLOWING", "EXCLUDE", ..],
        ) => match words[2..] {
            ["NO", "OTHERS", ")", ..] | ["CURRENT", "ROW", ")", ..] => 1..4,
            ["GROUP" | "TIES", ")", ..] => 1..3,
            _ => 0..0,
        },
        (
            Dialect::Postgres | Dialect::MariaDb,
            ["TRIM", "(", "BOTH" | "LEADING" | "TRAILING", "FROM", ..],
        ) => 2..4,
        (Dialect::Postgres, ["TRIM", "(", "FROM", ..]) => 2..3,
        (Dialect::Postgres, ["BETWEEN", "SYMMETRIC", ..]) => 1..2,
        (Dialect::MariaDb, ["FOR", "UPDATE" | "SHARE", "WAIT", ..]) => 2..4,
        (Dialect::MariaDb, ["LOCK", "IN", "SHARE", "MODE", ..]) => 0..4,
        (Dialect::MariaDb, ["UPDATE", "LOW_PRIORITY", "IGNORE", ..]) => 1..3,
        (Dialect::MariaDb, ["UPDATE" | "DELETE", "LOW_PRIORITY" | "IGNORE" | "QUICK", ..]) => 1..2,
        (Dialect::Sqlite, ["NOT", "INDEXED", ..]) if named => 0..2,
        (Dialect::Sqlite, ["INDEXED", "BY", _, ..]) if named => 0..3,
        (Dialect::Sqlite, ["AS", "MATERIALIZED", "(", ..]) => 1..2,
        (Dialect::Sqlite, ["AS", "NOT", "MATERIALIZED", "(", ..]) => 1..3,
        _ => 0..0,
    }
}
