//! Uses of whole rows of the table in a body.

use super::mentions::{Setting, Sure, is_row_of_trigger};
use super::table_references::{Owner, Relation, begins_query, owner, relations};
use super::tokens::Piece;
use super::writes::writes;
use crate::database::Dialect;

/// Returns true if a trigger passes `NEW` or `OLD` on as a whole: to a function, or by `NEW.*`.
pub(super) fn hands_row_on(statement: &[Piece]) -> bool {
    statement.iter().enumerate().any(|(at, piece)| {
        if piece.name().is_some_and(|name| name.all && is_row_of_trigger(name)) {
            return true;
        }
        let before = at.checked_sub(1).map(|at| &statement[at]);
        let next = statement.get(at + 1);
        piece.is_any(&["NEW", "OLD"])
            && matches!(before, Some(Piece::Open | Piece::Comma))
            && matches!(next, Some(Piece::Close | Piece::Comma))
    })
}

/// Tells if a statement reads all columns of the table into something of a fixed shape.
/// `returns_row` is true if the result of the body is a row of the table, which accepts any
/// columns.
pub(super) fn reads_all(setting: Setting, returns_row: bool, statement: &[Piece]) -> Sure {
    let subject = setting.subject;
    let relations = relations(statement);
    let ours = |relation: &Relation| Sure::from(subject.is_table(&relation.parts, setting.home));
    let any = relations.iter().map(ours).max().unwrap_or(Sure::No);
    let elsewhere = writes(statement).iter().any(|write| {
        let inserts =
            write.columns.is_none() || write.columns.as_ref().is_some_and(|c| !c.is_empty());
        inserts && write.tables.iter().all(|table| ours(table) == Sure::No)
    });
    let mut sure = Sure::No;
    for (at, piece) in statement.iter().enumerate() {
        let words = ["SELECT", "DISTINCT", "ALL", "RETURNING"];
        let before = at.checked_sub(1).map(|at| &statement[at]);
        let found = match piece {
            Piece::Star if before.is_some_and(|b| *b == Piece::Comma || b.is_any(&words)) => any,
            Piece::Name(name) if name.all && !is_row_of_trigger(name) => {
                let mut column = name.clone();
                column.parts.push(subject.from.clone());
                match owner(subject, &relations, &column, setting.home) {
                    Owner::Ours => any,
                    Owner::Other | Owner::Unknown => Sure::No,
                }
            }
            _ => Sure::No,
        };
        if found != Sure::No && !fits_any_shape(returns_row, subject.dialect, statement, at) {
            sure = sure.max(if elsewhere { found } else { Sure::Perhaps });
        }
    }
    // In SQLite, rows that a trigger reads but does not insert go nowhere.
    if subject.dialect == Dialect::Sqlite && !elsewhere { Sure::No } else { sure }
}

/// Returns true if the columns of a `*` go where any columns may come: `EXISTS (SELECT *`, one
/// variable for the row, a loop variable, a result that is a row of the table.
fn fits_any_shape(returns_row: bool, dialect: Dialect, statement: &[Piece], at: usize) -> bool {
    let select = statement[..at].iter().rposition(|piece| piece.is("SELECT"));
    let exists = select.is_some_and(|select| {
        select > 1 && statement[select - 1] == Piece::Open && statement[select - 2].is("EXISTS")
    });
    if exists || returns_row {
        return true;
    }
    if dialect == Dialect::Sqlite {
        return false;
    }
    let loops = statement
        .windows(3)
        .any(|three| three[0].is("FOR") && three[1].name().is_some() && three[2].is("IN"));
    let into = statement.iter().enumerate().any(|(at, piece)| {
        let after_insert =
            at > 0 && statement[at - 1].is_any(&["INSERT", "REPLACE", "MERGE", "IGNORE"]);
        let strict = usize::from(statement.get(at + 1).is_some_and(|piece| piece.is("STRICT")));
        let one = statement.get(at + 1 + strict).is_some_and(|piece| piece.name().is_some());
        let several = statement.get(at + 2 + strict) == Some(&Piece::Comma);
        piece.is("INTO") && !after_insert && one && !several
    });
    let query = begins_query(statement.first()) || statement.iter().any(|piece| piece.is("FROM"));
    (loops || into) && query
}
