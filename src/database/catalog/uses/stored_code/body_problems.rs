//! The problems that a body causes for a rename of the column.

use super::mentions::{Setting, Sure, names_column, names_table};
use super::natural_join::joins_naturally;
use super::table_references::{Owner, Relation, owner};
use super::tokens::{Name, Piece, Reading, statements};
use super::whole_rows::{hands_row_on, reads_all};
use super::writes::{Write, writes};
use crate::database::Dialect;
use crate::database::catalog::uses::problem::Problem;
use crate::database::catalog::uses::subject::Subject;

/// Words that may run a string literal as SQL.
const RUNS_TEXT: [&str; 9] = [
    "EXECUTE",
    "PREPARE",
    "DBLINK",
    "DBLINK_EXEC",
    "DBLINK_SEND_QUERY",
    "QUERY_TO_XML",
    "QUERY_TO_XMLSCHEMA",
    "TS_STAT",
    "TS_REWRITE",
];

/// A body, and the facts about it that its text does not show.
#[derive(Debug, Clone, Copy)]
pub(in crate::database::catalog::uses) struct Body<'a> {
    pub text: &'a str,
    /// The database of a name without a database (MariaDB).
    pub home: Option<&'a str>,
    /// True if it belongs to a trigger of the table, so that `NEW` and `OLD` are rows of the table.
    pub own_trigger: bool,
    /// True if an argument or the result is a row of the table.
    pub has_row: bool,
    /// True if its result is a row of the table, which accepts any columns.
    pub returns_row: bool,
    /// The rules for splitting it; `None` if it is not SQL.
    pub reading: Option<Reading>,
}

impl<'a> Body<'a> {
    pub fn new(subject: &Subject, text: &'a str) -> Self {
        let reading = Some(subject.reading());
        let (own_trigger, has_row, returns_row) = (false, false, false);
        Self { text, home: None, own_trigger, has_row, returns_row, reading }
    }
}

/// Returns each problem of a body once, with true if it is certain.
pub(in crate::database::catalog::uses) fn problems(
    subject: &Subject,
    body: Body,
) -> Vec<(Problem, bool)> {
    let parsed = body.reading.and_then(|reading| reading.pieces(body.text));
    let Some(pieces) = parsed else {
        return problems_of_words(subject, body);
    };
    let mut texts = Vec::new();
    if pieces.iter().any(|piece| piece.is_any(&RUNS_TEXT) || runs_text(piece)) {
        let reading = body.reading.unwrap_or(subject.reading());
        texts = texts_in(reading, &pieces);
    }
    let derives = pieces.iter().chain(texts.iter().flatten()).any(|piece| piece.is("CREATE"))
        || pieces.windows(2).any(|two| two[0].is("INTO") && two[1].is_any(&["TEMP", "TEMPORARY"]));
    let (home, own_trigger, has_row) = (body.home, body.own_trigger, body.has_row);
    let setting = Setting { subject, home, own_trigger, has_row, derives, in_text: false };
    let named = names_table(setting, &pieces) != Sure::No
        || texts.iter().any(|text| names_table(setting, text) != Sure::No);
    if !(named || own_trigger || has_row) {
        return Vec::new();
    }
    let mut found = Found::default();
    for statement in statements(&pieces) {
        look(setting, body, statement, &mut found);
    }
    for text in &texts {
        for statement in statements(text) {
            look(Setting { in_text: true, ..setting }, body, statement, &mut found);
        }
    }
    found.into_problems(subject)
}

/// Returns the problems of a body in another language, or of one that cannot be read, by its words
/// alone.
fn problems_of_words(subject: &Subject, body: Body) -> Vec<(Problem, bool)> {
    let words = subject.reading().words(body.text);
    let has = |name: &str| {
        let parts = subject.reading().words(name);
        !parts.is_empty()
            && words.windows(parts.len()).any(|window| {
                window.iter().zip(&parts).all(|(own, part)| {
                    let both = own.name().zip(part.name());
                    both.is_some_and(|(own, part)| own.last().eq_ignore_ascii_case(part.last()))
                })
            })
    };
    let ours = has(&subject.table) || body.own_trigger || body.has_row;
    let names = ours && has(&subject.from);
    names.then(|| (Problem::Names { column: subject.column() }, false)).into_iter().collect()
}

/// Returns true if a name begins like a function that runs a text, such as `cron.schedule`.
fn runs_text(piece: &Piece) -> bool {
    let first = piece.name().and_then(|name| name.parts.first());
    first.is_some_and(|first| first == "cron" || first == "dblink")
}

/// Splits each string literal as SQL that may be run, and the string literals within them.
fn texts_in(reading: Reading, pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut found = Vec::new();
    for piece in pieces {
        let Piece::Text(text) = piece else { continue };
        let inner = reading.pieces(text).unwrap_or_else(|| reading.words(text));
        found.extend(texts_in(reading, &inner));
        found.push(inner);
    }
    found
}

/// The certainty of each problem.
#[derive(Debug)]
struct Found {
    names: Sure,
    writes: Sure,
    changes_row: bool,
    by_position: Sure,
    all_columns: Sure,
    whole_row: bool,
    natural: Sure,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            names: Sure::No,
            writes: Sure::No,
            changes_row: false,
            by_position: Sure::No,
            all_columns: Sure::No,
            whole_row: false,
            natural: Sure::No,
        }
    }
}

impl Found {
    fn into_problems(self, subject: &Subject) -> Vec<(Problem, bool)> {
        let (table, column) = (subject.table.clone(), subject.column());
        // SQLite renames the column in its triggers too, so triggers that only read it stay right.
        let keeps_names = subject.dialect == Dialect::Sqlite;
        let mut found = Vec::new();
        if self.changes_row {
            found.push((Problem::ChangesRow { column }, Sure::Yes));
        } else if self.writes != Sure::No {
            found.push((Problem::Writes { column }, self.writes));
        } else if !keeps_names {
            found.push((Problem::Names { column }, self.names));
        }
        found.push((Problem::InsertsByPosition { table: table.clone() }, self.by_position));
        found.push((Problem::ReadsAllColumns { table: table.clone() }, self.all_columns));
        let whole = if self.whole_row { Sure::Perhaps } else { Sure::No };
        found.push((Problem::UsesWholeRow { table: table.clone() }, whole));
        found.push((Problem::JoinsNaturally { table }, self.natural));
        let found = found.into_iter().filter(|(_, sure)| *sure != Sure::No);
        found.map(|(problem, sure)| (problem, sure == Sure::Yes)).collect()
    }
}

fn look(setting: Setting, body: Body, statement: &[Piece], found: &mut Found) {
    found.names = found.names.max(names_column(setting, statement));
    let is_column =
        |piece: &Piece| matches!(piece, Piece::Text(text) if setting.subject.same_column(text));
    // It may be the key of a row that was turned into JSON.
    if statement.iter().any(is_column) {
        found.names = found.names.max(Sure::Perhaps);
    }
    for write in writes(statement) {
        let (sure, by_position) = written(setting, &write);
        let field = if by_position { &mut found.by_position } else { &mut found.writes };
        *field = (*field).max(sure);
    }
    if setting.own_trigger && setting.subject.dialect != Dialect::Sqlite {
        found.changes_row |= changes_row(setting.subject, statement);
        found.whole_row |= hands_row_on(statement);
    }
    found.natural = found.natural.max(joins_naturally(setting, statement));
    found.all_columns = found.all_columns.max(reads_all(setting, body.returns_row, statement));
}

/// Returns how certain it is that a write sets the column without its copy, and true if it inserts
/// by position.
fn written(setting: Setting, write: &Write) -> (Sure, bool) {
    let subject = setting.subject;
    let ours = |relation: &Relation| Sure::from(subject.is_table(&relation.parts, setting.home));
    let Some(columns) = &write.columns else {
        return (write.tables.iter().map(ours).max().unwrap_or(Sure::No), true);
    };
    let sets_copy =
        columns.iter().any(|name| subject.dialect.same_column(name.last(), &subject.to));
    let of_column = |name: &&Name| subject.is_column(name);
    let sure = columns.iter().filter(of_column).map(|name| {
        if name.parts.len() > 1 {
            return match owner(subject, &write.tables, name, setting.home) {
                Owner::Ours => Sure::Yes,
                Owner::Other => Sure::No,
                Owner::Unknown => Sure::Perhaps,
            };
        }
        let any = write.tables.iter().map(ours).max().unwrap_or(Sure::No);
        if write.tables.len() > 1 { any.min(Sure::Perhaps) } else { any }
    });
    let sure = sure.max().unwrap_or(Sure::No);
    (if sets_copy { Sure::No } else { sure }, false)
}

/// Returns true if a trigger assigns to the column of its own row.
fn changes_row(subject: &Subject, statement: &[Piece]) -> bool {
    let mut depth = 0_usize;
    statement.iter().enumerate().any(|(at, piece)| {
        match piece {
            Piece::Open => depth += 1,
            Piece::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        let Some(name) = piece.name().filter(|name| subject.is_column(name)) else {
            return false;
        };
        let new = name.qualifier().is_some_and(|row| row.eq_ignore_ascii_case("new"));
        let before = at.checked_sub(1).map(|at| &statement[at]);
        let into = before.is_some_and(|piece| piece.is_any(&["INTO", "STRICT"]))
            || statement[..at].iter().any(|piece| piece.is("INTO"))
                && before == Some(&Piece::Comma);
        let assigned = statement.get(at + 1) == Some(&Piece::Equals)
            && match subject.dialect {
                Dialect::Postgres => before.is_none_or(|piece| {
                    piece.is_any(&["BEGIN", "THEN", "ELSE", "LOOP"]) || *piece == Piece::Other
                }),
                Dialect::MariaDb | Dialect::Sqlite => {
                    let lists = statement[..at].iter().any(|piece| piece.is("SET"));
                    before.is_some_and(|piece| piece.is("SET"))
                        || lists && depth == 0 && before == Some(&Piece::Comma)
                }
            };
        new && (into || assigned)
    })
}
