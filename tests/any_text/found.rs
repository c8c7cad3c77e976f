//! Texts on which a law once failed.

use handover::Dialect;
use handover::model::{Side, State};

use super::law;
use super::setup::Setup;

const FOUND: [(Dialect, State, &str); 8] = [
    // The columns in place of the star ran into the word before it.
    (Dialect::Sqlite, State::ReadTo, "SELECT* FROM users JOIN posts ON posts.user_id = users.id"),
    // The parser's name of a table, which no column can be qualified by.
    (Dialect::Postgres, State::ReadTo, "SELECT * FROM users ALL JOIN posts ON true"),
    // The text of an expression, which was to be its name, was told with its values.
    (Dialect::Sqlite, State::ReadTo, "SELECT username || 's3cr3t\0' FROM users"),
    // The parser's name of a table, but no name: all before it was replaced by the list.
    (Dialect::MariaDb, State::ReadTo, "SELECT 'u'.* FROM users u"),
    // Refused where another statement of the text had a query in it.
    (Dialect::MariaDb, State::ReadTo, "UPDATE users SET username = f(username)"),
    // A comment before a value that is computed once was lost.
    (Dialect::MariaDb, State::ReadTo, "UPDATE users SET username /* a */ = -- b\n f(?)"),
    // The parser takes a literal for the table's alias; the message told it without its quotes.
    (Dialect::Postgres, State::DualWrite, "INSERT INTO users 's3cr3t'SELECT 23,|/ ts"),
    // WINDOW was the name of the last value, which it is not when the value is written again.
    (
        Dialect::Postgres,
        State::DualWrite,
        "INSERT INTO users (id, username) SELECT 1, a b WINDOW w AS (ORDER BY username)",
    ),
];

#[test]
fn what_was_found_stays_fixed() {
    for (dialect, state, sql) in FOUND {
        for code in [Side::From, Side::To] {
            law::holds(&Setup::plain(dialect, state, code), sql);
        }
    }
}
