//! A table of the zoo, read from a file of SQL.

use crate::support::rename::Rename;

/// A database that the zoo is kept on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    Sqlite,
    Postgres15,
    Postgres18,
    Mariadb,
}

impl Keeper {
    /// How `open.txt` calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres15 => "postgres15",
            Self::Postgres18 => "postgres18",
            Self::Mariadb => "mariadb",
        }
    }
}

/// How a rename of the table has to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Every step succeeds, and the database is as if nobody had copied anything.
    Equal,
    /// Nothing is changed, and the refusal has these words in it.
    Refused(String),
    /// Either of the two: where both are right.
    Either(String),
    /// Either of the two, in any words: for a schema that nobody has looked through.
    Any,
}

/// One table with its surroundings, and the rename of one of its columns.
///
/// In a file it is
///
/// ```text
/// -- case: NAME
/// -- about: a sentence
/// -- expect: equal | refused WORDS, WORDS | either WORDS, WORDS
/// -- rename: schema.table.column => new_name  (else users.username => handle)
/// -- as: ROLE                                 (else the superuser)
/// -- options: search_path=tenant,public       (of the connection)
/// -- only: postgres18                         (else each database of the file)
/// -- write: STATEMENT                         (any number; {c} is the column, {n} a number)
/// -- reference: STATEMENT                     (on the database to compare with, after its plain
///                                              rename: what is known that this does not do)
/// SQL …
/// ```
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    pub expect: Expect,
    pub schema: Option<String>,
    pub table: String,
    pub from: String,
    pub to: String,
    pub role: Option<String>,
    pub options: Option<String>,
    pub writes: Vec<String>,
    pub reference: Vec<String>,
    pub sql: String,
    only: Option<String>,
}

impl Case {
    pub fn rename(&self) -> Rename<'_> {
        Rename {
            schema: self.schema.as_deref(),
            table: &self.table,
            from: &self.from,
            to: &self.to,
        }
    }

    pub fn is_for(&self, keeper: Keeper) -> bool {
        self.only.as_deref().is_none_or(|only| only == keeper.name())
    }

    /// A case of this SQL, as if its file had nothing else to say.
    pub fn of(name: &str, sql: &str, rename: Rename<'_>, expect: Expect) -> Self {
        Self {
            name: name.to_owned(),
            expect,
            schema: rename.schema.map(str::to_owned),
            table: rename.table.to_owned(),
            from: rename.from.to_owned(),
            to: rename.to.to_owned(),
            role: None,
            options: None,
            writes: Vec::new(),
            reference: Vec::new(),
            sql: sql.to_owned(),
            only: None,
        }
    }
}

/// The cases of a file, in its order.
pub fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        let header = line.strip_prefix("-- ").and_then(|line| line.split_once(": "));
        match header {
            Some(("case", name)) => {
                assert!(cases.iter().all(|case| case.name != name), "two cases `{name}`");
                cases.push(Case::of(name, "", crate::support::rename::USERS, Expect::Equal));
            }
            Some((key, value)) => {
                let case = cases.last_mut().expect("a header before the first case");
                read(case, key, value);
            }
            None => {
                if let Some(case) = cases.last_mut() {
                    case.sql.push_str(line);
                    case.sql.push('\n');
                }
            }
        }
    }
    cases
}

fn read(case: &mut Case, key: &str, value: &str) {
    match key {
        "about" => {}
        "expect" => {
            case.expect = match value.split_once(' ') {
                None if value == "equal" => Expect::Equal,
                Some(("refused", words)) => Expect::Refused(words.to_owned()),
                Some(("either", words)) => Expect::Either(words.to_owned()),
                _ => panic!("{}: `{value}` is no expectation", case.name),
            };
        }
        "rename" => {
            let (path, to) = value.split_once(" => ").unwrap();
            let parts: Vec<&str> = path.split('.').collect();
            let [schema @ .., table, from] = parts.as_slice() else { panic!("{path}") };
            case.schema = schema.first().map(|schema| (*schema).to_owned());
            (case.table, case.from, case.to) =
                ((*table).to_owned(), (*from).to_owned(), to.to_owned());
        }
        "as" => case.role = Some(value.to_owned()),
        "options" => case.options = Some(value.to_owned()),
        "only" => case.only = Some(value.to_owned()),
        "write" => case.writes.push(value.to_owned()),
        "reference" => case.reference.push(value.to_owned()),
        _ => panic!("{}: `{key}` is no header", case.name),
    }
}
