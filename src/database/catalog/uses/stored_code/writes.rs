//! The tables and columns that a statement writes.

use super::table_references::{MODIFIERS, Relation, begins_query, relation, relations};
use super::tokens::{Name, Piece, closing};

/// The columns that one clause sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Write {
    /// The table; several if the statement may update any of them.
    pub(super) tables: Vec<Relation>,
    /// The columns; `None` if the values go by position.
    pub(super) columns: Option<Vec<Name>>,
}

/// All writes of a statement, including those in common table expressions.
pub(super) fn writes(statement: &[Piece]) -> Vec<Write> {
    let mut found = Vec::new();
    let mut inserted: Option<Relation> = None;
    let mut merged: Option<Relation> = None;
    for (at, piece) in statement.iter().enumerate() {
        if piece.is("MERGE") {
            merged = relation(statement, table_at(statement, at + 1)).map(|(table, _)| table);
        } else if piece.is_any(&["INSERT", "REPLACE"]) {
            if let Some(write) = insert(statement, at, merged.as_ref()) {
                inserted = write.tables.first().cloned();
                found.push(write);
            }
        } else if piece.is("COPY") {
            found.extend(copy(statement, at));
        } else if piece.is("UPDATE") {
            found.extend(update(statement, at, inserted.as_ref(), merged.as_ref()));
        }
    }
    found
}

/// The position of a verb's table.
fn table_at(statement: &[Piece], mut at: usize) -> usize {
    if statement.get(at).is_some_and(|piece| piece.is("OR")) {
        at += 2;
    }
    while statement.get(at).is_some_and(|piece| piece.is_any(&MODIFIERS) || piece.is("INTO")) {
        at += 1;
    }
    at
}

fn insert(statement: &[Piece], at: usize, merged: Option<&Relation>) -> Option<Write> {
    let mut at = table_at(statement, at + 1);
    let next = statement.get(at)?;
    let table = match merged {
        Some(merged) if *next == Piece::Open || next.is_any(&["VALUES", "OVERRIDING"]) => {
            merged.clone()
        }
        _ => {
            let (table, after) = relation(statement, at)?;
            at = after;
            table
        }
    };
    if statement.get(at)?.is("PARTITION") {
        at = closing(statement, at + 1) + 1;
    }
    let next = statement.get(at)?;
    let words = ["VALUES", "VALUE", "SELECT", "WITH", "TABLE", "OVERRIDING", "EXECUTE"];
    let columns = if *next == Piece::Open && !begins_query(statement.get(at + 1)) {
        Some(names(&statement[at..closing(statement, at)]))
    } else if next.is("SET") {
        Some(assigned(statement, at + 1))
    } else if next.is("DEFAULT") {
        Some(Vec::new())
    } else if *next == Piece::Open || next.is_any(&words) {
        None
    } else {
        return None;
    };
    Some(Write { tables: vec![table], columns })
}

fn copy(statement: &[Piece], at: usize) -> Option<Write> {
    let (table, at) = relation(statement, at + 1)?;
    let next = statement.get(at)?;
    let columns = if *next == Piece::Open {
        Some(names(&statement[at..closing(statement, at)]))
    } else if next.is("FROM") {
        None
    } else {
        return None;
    };
    Some(Write { tables: vec![table], columns })
}

fn update(
    statement: &[Piece],
    at: usize,
    inserted: Option<&Relation>,
    merged: Option<&Relation>,
) -> Option<Write> {
    let before = at.checked_sub(1).and_then(|at| statement.get(at));
    let is_before = |words: &[&str]| before.is_some_and(|piece| piece.is_any(words));
    let sets = statement.get(at + 1).is_some_and(|piece| piece.is("SET"));
    if is_before(&["KEY"]) {
        let columns = Some(assigned(statement, at + 1));
        return Some(Write { tables: vec![inserted?.clone()], columns });
    }
    if is_before(&["DO", "THEN"]) && sets {
        let table = if is_before(&["DO"]) { inserted } else { merged };
        let columns = Some(assigned(statement, at + 2));
        return Some(Write { tables: vec![table?.clone()], columns });
    }
    let mut position = at + 1;
    while !statement.get(position)?.is("SET") {
        if statement[position] == Piece::Open {
            position = closing(statement, position);
        }
        position += 1;
    }
    let tables = relations(&statement[at..position]);
    (!tables.is_empty()).then(|| Write { tables, columns: Some(assigned(statement, position + 1)) })
}

/// The columns of a list of assignments.
fn assigned(statement: &[Piece], mut at: usize) -> Vec<Name> {
    let mut found = Vec::new();
    loop {
        match statement.get(at) {
            Some(Piece::Open) => found.extend(names(&statement[at..closing(statement, at)])),
            Some(Piece::Name(name)) => found.push(name.clone()),
            _ => return found,
        }
        let Some(next) = next_assignment(statement, at) else { return found };
        at = next;
    }
}

/// The position after the next comma of the list, if there is one.
fn next_assignment(statement: &[Piece], mut at: usize) -> Option<usize> {
    let ends = ["WHERE", "RETURNING", "ORDER", "LIMIT", "ON"];
    let mut cases = 0_usize;
    loop {
        let piece = statement.get(at)?;
        let distinct = at > 0 && statement[at - 1].is("DISTINCT");
        match piece {
            Piece::Open => at = closing(statement, at),
            Piece::Comma => return Some(at + 1),
            Piece::Close => return None,
            piece if piece.is("CASE") => cases += 1,
            piece if piece.is("END") => cases = cases.saturating_sub(1),
            piece if piece.is_any(&ends) => return None,
            piece if piece.is("FROM") && !distinct => return None,
            piece if piece.is("WHEN") && cases == 0 => return None,
            _ => {}
        }
        at += 1;
    }
}

fn names(pieces: &[Piece]) -> Vec<Name> {
    pieces.iter().filter_map(Piece::name).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Dialect;
    use crate::database::catalog::uses::subject::Subject;

    fn shown(dialect: Dialect, text: &str) -> String {
        let pieces = Subject::sample(dialect).reading().pieces(text).unwrap();
        let shown = |write: &Write| {
            let tables: Vec<_> = write.tables.iter().map(|table| table.parts.join(".")).collect();
            let columns = match &write.columns {
                None => "*".to_owned(),
                Some(columns) => {
                    columns.iter().map(|name| name.parts.join(".")).collect::<Vec<_>>().join(" ")
                }
            };
            format!("{}({columns})", tables.join("+"))
        };
        writes(&pieces).iter().map(shown).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn what_is_written_is_found() {
        for (dialect, text, want) in [
            (Dialect::Postgres, "INSERT INTO s.users (a, b) VALUES (c, d)", "s.users(a b)"),
            (Dialect::Postgres, "INSERT INTO users AS u VALUES (1)", "users(*)"),
            (Dialect::Postgres, "INSERT INTO users (SELECT 1, 2)", "users(*)"),
            (Dialect::Postgres, "INSERT INTO users DEFAULT VALUES", "users()"),
            (Dialect::Postgres, "INSERT INTO users OVERRIDING SYSTEM VALUE VALUES (1)", "users(*)"),
            (
                Dialect::Postgres,
                "INSERT INTO users (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 1, c = 2 WHERE d",
                "users(a), users(b c)",
            ),
            (
                Dialect::Postgres,
                "UPDATE users SET a = CASE WHEN x THEN 1 END, (b, c) = (1, f(2, 3)), d = 2 FROM e",
                "users(a b c d)",
            ),
            (
                Dialect::Postgres,
                "MERGE INTO users u USING b ON u.x = b.x WHEN MATCHED THEN UPDATE SET a = 1 \
                 WHEN NOT MATCHED THEN INSERT VALUES (1)",
                "users(a), users(*)",
            ),
            (Dialect::Postgres, "SELECT 1 FROM users FOR UPDATE", ""),
            (Dialect::Postgres, "COPY users FROM stdin", "users(*)"),
            (
                Dialect::Postgres,
                "WITH x AS (UPDATE users SET a = 1 RETURNING b) SELECT 1",
                "users(a)",
            ),
            (Dialect::MariaDb, "INSERT IGNORE users SET a = 1, b = 2", "users(a b)"),
            (Dialect::MariaDb, "REPLACE users VALUES (1)", "users(*)"),
            (Dialect::MariaDb, "SELECT REPLACE(a, 'b', 'c') FROM users", ""),
            (Dialect::MariaDb, "INSERT INTO users () VALUES ()", "users()"),
            (
                Dialect::MariaDb,
                "INSERT INTO users (a) VALUES (1) ON DUPLICATE KEY UPDATE b = VALUES(b), c = 1",
                "users(a), users(b c)",
            ),
            (
                Dialect::MariaDb,
                "UPDATE posts p JOIN users u ON u.id = p.id SET u.a = 1, b = 2 WHERE c = 3",
                "posts+users(u.a b)",
            ),
            (Dialect::Sqlite, "UPDATE OR IGNORE `users` SET \"a\" = 1", "users(a)"),
            (Dialect::Sqlite, "REPLACE INTO main.users SELECT * FROM b", "main.users(*)"),
        ] {
            assert_eq!(shown(dialect, text), want, "{text}");
        }
    }
}
