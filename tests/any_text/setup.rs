//! Renames in flight, on one database, for code of one release.

use handover::Dialect;
use handover::model::{ColumnPair, Identifier, Side, State};
use handover::shim::mapping::Mapping;

use super::choices::Choices;

#[derive(Debug)]
pub struct Setup {
    pub dialect: Dialect,
    pub mapping: Mapping,
}

/// What is renamed: table, `from`, `to`, and the table's other columns before and after them.
type Renamed = (&'static str, &'static str, &'static str, [&'static str; 2]);

const USERS: Renamed = ("users", "username", "handle", ["id", "email"]);
const EMAIL: Renamed = ("users", "email", "mail", ["id", "username"]);
const POSTS: Renamed = ("posts", "author", "writer", ["pid", "title"]);
const ODD: Renamed = ("\"we\"\"ird ü\"", "na\"me", "имя`", ["id", "email"]);

const DIALECTS: [Dialect; 3] = [Dialect::Sqlite, Dialect::Postgres, Dialect::MariaDb];

impl Setup {
    /// How many bytes choose a setup.
    pub const CHOICES: usize = 4;

    pub fn chosen(choices: &mut Choices<'_>) -> Self {
        let dialect = choices.of(&DIALECTS);
        let state = choices.of(&State::OF_A_RENAME);
        let code = choices.of(&[Side::From, Side::To]);
        match choices.below(16) {
            // Two renames in one table, and one in another, each in a state of its own.
            kind @ 0..5 => {
                let others = [State::OF_A_RENAME[kind], State::OF_A_RENAME[4 - kind]];
                let renames = [(USERS, state), (EMAIL, others[0]), (POSTS, others[1])];
                Self::new(dialect, code, &renames, true)
            }
            // The table's columns are not known.
            5 => Self::new(dialect, code, &[(USERS, state)], false),
            6 => Self::new(dialect, code, &[(ODD, state), (USERS, State::ReadTo)], true),
            _ => Self::plain(dialect, state, code),
        }
    }

    /// The worked example: `users.username` becomes `handle`.
    pub fn plain(dialect: Dialect, state: State, code: Side) -> Self {
        Self::new(dialect, code, &[(USERS, state)], true)
    }

    /// Every plain one.
    pub fn every() -> impl Iterator<Item = Self> {
        DIALECTS.into_iter().flat_map(|dialect| {
            State::OF_A_RENAME.into_iter().flat_map(move |state| {
                [Side::From, Side::To]
                    .into_iter()
                    .map(move |code| Self::plain(dialect, state, code))
            })
        })
    }

    fn new(dialect: Dialect, code: Side, renames: &[(Renamed, State)], known: bool) -> Self {
        let schema = match dialect {
            Dialect::Sqlite => Some("main"),
            Dialect::Postgres => Some("public"),
            Dialect::MariaDb => None,
        };
        let mut mapping = Mapping::default();
        for ((table, from, to, _), state) in renames {
            let rename = ColumnPair {
                table: table.parse().expect("a table"),
                from: Identifier::new(*from).expect("a name"),
                to: Identifier::new(*to).expect("a name"),
            };
            let physical = if known { physical(renames, table) } else { Vec::new() };
            mapping.add(&rename, *state, code, schema, &physical);
        }
        Self { dialect, mapping }
    }
}

/// The columns of a table: what is not renamed, what is where it was, and the new ones last.
fn physical(renames: &[(Renamed, State)], table: &str) -> Vec<String> {
    let of_table = || renames.iter().filter(|((of, ..), _)| *of == table);
    let mut columns = Vec::new();
    for ((_, from, to, [first, second]), state) in of_table() {
        for name in [first, from, second] {
            let gone = of_table().any(|((_, f, ..), state)| f == name && !state.columns().from);
            if !gone && !columns.contains(name) {
                columns.push(name);
            }
        }
        if state.columns().to {
            columns.push(to);
        }
    }
    columns.into_iter().map(|name| (*name).to_owned()).collect()
}
