//! The definition of a virtual table of SQLite.

use crate::database::Dialect;
use crate::database::catalog::uses::stored_code::{Piece, Reading, closing};

/// A full-text index that takes its text from another table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct External {
    /// The table or view.
    pub(super) content: String,
    /// The columns that are read by name; if the list is empty, all columns are read.
    pub(super) columns: Vec<String>,
}

/// Returns true if a statement defines a virtual table.
pub(super) fn is_virtual(pieces: &[Piece]) -> bool {
    matches!(pieces, [create, kind, ..] if create.is("CREATE") && kind.is("VIRTUAL"))
}

/// Reads the external content of a full-text index, given by the option `content`; `None` if it has
/// no such option.
pub(super) fn external(sql: &str) -> Option<External> {
    let pieces = Reading::of(Dialect::Sqlite).pieces(sql)?;
    if !is_virtual(&pieces) {
        return None;
    }
    let using = pieces.iter().position(|piece| piece.is("USING"))?;
    let module = pieces.get(using + 1)?.name()?.last().to_lowercase();
    if !module.starts_with("fts") {
        return None;
    }
    let open = using + 2;
    let inside = pieces.get(open + 1..closing(&pieces, open))?;
    let (mut content, mut columns) = (None, Vec::new());
    for argument in inside.split(|piece| *piece == Piece::Comma) {
        let (Some(key), value) = (argument.first().and_then(word), argument.get(2).and_then(word))
        else {
            continue;
        };
        if argument.get(1) != Some(&Piece::Equals) {
            columns.push(key);
        } else if key.eq_ignore_ascii_case("content") {
            content = value;
        } else if key.eq_ignore_ascii_case("content_rowid") {
            columns.extend(value);
        }
    }
    Some(External { content: content.filter(|name| !name.is_empty())?, columns })
}

fn word(piece: &Piece) -> Option<String> {
    match piece {
        Piece::Name(name) => Some(name.last().to_owned()),
        Piece::Text(text) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_of_a_full_text_index_is_read() {
        for (sql, want) in [
            (
                "CREATE VIRTUAL TABLE f USING fts5(username, \"full name\" UNINDEXED, \
                 content='users', content_rowid='id', tokenize = 'porter ascii')",
                Some(("users", vec!["username", "full name", "id"])),
            ),
            (
                "create virtual table f using FTS4(content=\"users\", [a b])",
                Some(("users", vec!["a b"])),
            ),
            (
                "CREATE VIRTUAL TABLE IF NOT EXISTS f USING fts4(content=users)",
                Some(("users", vec![])),
            ),
            ("CREATE VIRTUAL TABLE f USING fts5(username, content='')", None),
            ("CREATE VIRTUAL TABLE f USING fts5(username)", None),
            ("CREATE VIRTUAL TABLE f USING rtree(id, a, content=users)", None),
            ("CREATE TABLE f (content)", None),
        ] {
            let want = want.map(|(content, columns)| External {
                content: content.to_owned(),
                columns: columns.into_iter().map(str::to_owned).collect(),
            });
            assert_eq!(external(sql), want, "{sql}");
        }
    }
}
