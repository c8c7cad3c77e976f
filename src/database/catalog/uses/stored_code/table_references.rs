//! The tables of one statement of a body, and the meaning of a qualifier in it.

use super::tokens::{Name, Piece, closing};
use crate::database::catalog::uses::subject::{Named, Subject};

/// Words that are never an unquoted table name or alias.
const NO_ALIAS: [&str; 53] = [
    "AS",
    "AND",
    "ANY",
    "CROSS",
    "DEFAULT",
    "DO",
    "ELSE",
    "END",
    "EXCEPT",
    "FETCH",
    "FOR",
    "FORCE",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "IGNORE",
    "INNER",
    "INSERT",
    "INTERSECT",
    "INTO",
    "JOIN",
    "LEFT",
    "LIMIT",
    "LOOP",
    "NATURAL",
    "NOT",
    "OF",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OVERRIDING",
    "PARTITION",
    "RETURNING",
    "RIGHT",
    "SELECT",
    "SET",
    "STRAIGHT_JOIN",
    "TABLESAMPLE",
    "THEN",
    "UNION",
    "UPDATE",
    "USE",
    "USING",
    "VALUE",
    "VALUES",
    "WHEN",
    "WHERE",
    "WHILE",
    "WINDOW",
    "WITH",
    "INDEXED",
];

/// Words between a verb and its table.
pub(super) const MODIFIERS: [&str; 8] =
    ["ONLY", "LATERAL", "LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK", "IGNORE", "TABLE"];

/// A table, a view or a call that a statement reads or writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation {
    /// Its name as it is written, with the schema if it has one.
    pub(super) parts: Vec<String>,
    /// Its alias in the statement.
    pub(super) alias: Option<String>,
    /// True if its columns come from elsewhere: a call or a common table expression.
    pub(super) is_derived: bool,
}

/// The owner of the column that a qualified name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Ours,
    /// A column of another table.
    Other,
    /// A variable or a subquery, whose columns may come from anywhere.
    Unknown,
}

/// Returns true if a query begins with this piece.
pub(super) fn begins_query(piece: Option<&Piece>) -> bool {
    piece.is_some_and(|piece| {
        *piece == Piece::Open || piece.is_any(&["SELECT", "WITH", "VALUES", "TABLE"])
    })
}

/// The tables of a statement and of its subqueries.
pub(super) fn relations(statement: &[Piece]) -> Vec<Relation> {
    let mut found = Vec::new();
    for at in 0..statement.len() {
        if introduces(statement, at) {
            list(statement, at + 1, &mut found);
        }
    }
    for relation in &mut found {
        let [name] = relation.parts.as_slice() else { continue };
        relation.is_derived |= statement.windows(3).any(|three| {
            let defined = three[0].name().is_some_and(|own| own.parts == [name.as_str()]);
            let opens = three[2] == Piece::Open || three[2].is_any(&["MATERIALIZED", "NOT"]);
            defined && three[1].is("AS") && opens
        });
        // It may have a list of columns: `name (a, b) AS (`.
        relation.is_derived |= (0..statement.len()).any(|at| {
            let own = statement[at].name().is_some_and(|own| own.parts == [name.as_str()]);
            let close = closing(statement, at + 1);
            own && statement.get(at + 1) == Some(&Piece::Open)
                && statement.get(close + 1).is_some_and(|piece| piece.is("AS"))
                && statement.get(close + 2) == Some(&Piece::Open)
        });
    }
    found
}

/// Returns true if tables follow the word.
fn introduces(statement: &[Piece], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| statement.get(at));
    let is_before = |words: &[&str]| before(1).is_some_and(|piece| piece.is_any(words));
    let piece = &statement[at];
    let next = statement.get(at + 1);
    if piece.is("INTO") {
        let verbs = ["INSERT", "REPLACE", "MERGE", "IGNORE", "LOW_PRIORITY", "DELAYED"];
        let or = before(2).is_some_and(|piece| piece.is("OR"));
        return is_before(&verbs) || is_before(&["HIGH_PRIORITY"]) || or;
    }
    if piece.is_any(&["INSERT", "REPLACE", "MERGE"]) {
        return next.is_some_and(|next| next.name().is_some() && !next.is_any(&["INTO", "OR"]));
    }
    if piece.is("UPDATE") {
        return !is_before(&["FOR", "ON", "DO", "KEY", "THEN", "BEFORE", "AFTER", "OR", "OF"]);
    }
    if piece.is("USING") {
        let call = statement.iter().any(|piece| piece.is("EXECUTE"));
        return !call && next != Some(&Piece::Open);
    }
    if piece.is("FROM") {
        return !is_before(&["DISTINCT"]);
    }
    piece.is_any(&["JOIN", "STRAIGHT_JOIN", "TABLE", "COPY", "ONLY"])
}

/// Reads `name [AS] alias, …`, skipping subqueries.
fn list(statement: &[Piece], mut at: usize, found: &mut Vec<Relation>) {
    loop {
        while statement.get(at).is_some_and(|piece| piece.is("OR")) {
            at += 2;
        }
        while statement.get(at).is_some_and(|piece| piece.is_any(&MODIFIERS)) {
            at += 1;
        }
        while statement.get(at) == Some(&Piece::Open) && !begins_query(statement.get(at + 1)) {
            at += 1;
        }
        if statement.get(at) == Some(&Piece::Open) {
            at = closing(statement, at) + 1;
            at = alias(statement, at).1;
        } else {
            let Some((relation, next)) = relation(statement, at) else { return };
            found.push(relation);
            at = next;
        }
        if statement.get(at) != Some(&Piece::Comma) {
            return;
        }
        at += 1;
    }
}

/// Reads the table at a position; returns it and the position after it and its alias.
pub(super) fn relation(statement: &[Piece], at: usize) -> Option<(Relation, usize)> {
    let piece = statement.get(at)?;
    let name = piece.name()?;
    if piece.is_any(&NO_ALIAS) || name.is_field {
        return None;
    }
    let mut next = at + 1;
    let after_into = at.checked_sub(1).and_then(|at| statement.get(at));
    let verbs = ["INTO", "INSERT", "REPLACE", "COPY", "DELAYED", "IGNORE", "LOW_PRIORITY"];
    let in_write = after_into.is_some_and(|piece| piece.is_any(&verbs));
    let mut is_derived = false;
    if !in_write && statement.get(next) == Some(&Piece::Open) {
        is_derived = true;
        next = closing(statement, next) + 1;
    }
    let (alias, next) = alias(statement, next);
    Some((Relation { parts: name.parts.clone(), alias, is_derived }, next))
}

fn alias(statement: &[Piece], at: usize) -> (Option<String>, usize) {
    let at = if statement.get(at).is_some_and(|piece| piece.is("AS")) { at + 1 } else { at };
    match statement.get(at) {
        Some(Piece::Name(name)) if name.parts.len() == 1 && !statement[at].is_any(&NO_ALIAS) => {
            (Some(name.last().to_owned()), at + 1)
        }
        _ => (None, at),
    }
}

/// The owner of `qualifier.column` in a statement with these tables.
pub(super) fn owner(
    subject: &Subject,
    relations: &[Relation],
    name: &Name,
    home: Option<&str>,
) -> Owner {
    let Some(qualifier) = name.qualifier().filter(|_| !name.is_field) else {
        return Owner::Unknown;
    };
    let goes_by = |relation: &&Relation| {
        let own = relation.alias.as_ref().or(relation.parts.last());
        own.is_some_and(|own| subject.same_table(own, qualifier))
    };
    let ours = |relation: &Relation| subject.is_table(&relation.parts, home) != Named::No;
    let meant: Vec<&Relation> = relations.iter().filter(goes_by).collect();
    let path = &name.parts[..name.parts.len() - 1];
    if meant.iter().any(|relation| ours(relation) && !relation.is_derived) {
        Owner::Ours
    } else if !meant.is_empty() {
        let derived = meant.iter().any(|relation| relation.is_derived);
        if derived { Owner::Unknown } else { Owner::Other }
    } else if subject.is_table(path, home) != Named::No {
        Owner::Ours
    } else {
        Owner::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Dialect;

    fn shown(text: &str) -> String {
        let pieces = Subject::sample(Dialect::Postgres).reading().pieces(text).unwrap();
        let shown = |relation: &Relation| {
            let name = relation.parts.join(".");
            let alias = relation.alias.as_ref().map(|alias| format!(" {alias}"));
            name + &alias.unwrap_or_default() + if relation.is_derived { "*" } else { "" }
        };
        relations(&pieces).iter().map(shown).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn the_tables_of_a_statement_are_found() {
        for (text, want) in [
            ("SELECT 1 FROM users u, s.b AS c JOIN d USING (x) WHERE u.x", "users u, s.b c, d"),
            ("SELECT 1 FROM (SELECT 2 FROM b) s, f(1) g", "f g*, b"),
            ("SELECT 1 FROM (a JOIN b ON true)", "a, b"),
            ("INSERT INTO users (a) SELECT a FROM b ON CONFLICT DO NOTHING", "users, b"),
            ("SELECT a INTO r FROM b WHERE a IS DISTINCT FROM c", "b"),
            ("UPDATE ONLY users SET a = 1 FROM b WHERE x FOR UPDATE", "users, users, b"),
            ("DELETE FROM users USING b", "users, b"),
            ("WITH w AS (SELECT 1 FROM a), v (x) AS (SELECT 1) SELECT 1 FROM w, v", "a, w*, v*"),
            ("MERGE INTO users u USING b ON true WHEN MATCHED THEN UPDATE SET a = 1", "users u, b"),
            ("INSERT OR REPLACE INTO users VALUES (1)", "users"),
        ] {
            assert_eq!(shown(text), want, "{text}");
        }
    }
}
