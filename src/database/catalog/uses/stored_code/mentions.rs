//! Finds out if a body, or another text of the catalog, names the column.

use super::table_references::{Owner, Relation, owner, relations};
use super::tokens::{Name, Piece};
use crate::database::Dialect;
use crate::database::catalog::expression::names;
use crate::database::catalog::mariadb::quoted;
use crate::database::catalog::uses::subject::{Named, Subject};

/// The certainty that a body does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::database::catalog::uses) enum Sure {
    No,
    Perhaps,
    Yes,
}

impl From<Named> for Sure {
    fn from(named: Named) -> Self {
        match named {
            Named::No => Self::No,
            Named::Perhaps => Self::Perhaps,
            Named::Yes => Self::Yes,
        }
    }
}

/// The facts about the body that a statement stands in.
#[derive(Debug, Clone, Copy)]
pub(in crate::database::catalog::uses) struct Setting<'a> {
    pub subject: &'a Subject,
    /// The database of a name without a database (MariaDB).
    pub home: Option<&'a str>,
    /// True if `NEW` and `OLD` are rows of the table.
    pub own_trigger: bool,
    /// True if an argument or the result is a row of the table.
    pub has_row: bool,
    /// True if it creates tables, which may get their columns from this one.
    pub derives: bool,
    /// True if the statement is a text that is built and run.
    pub in_text: bool,
}

/// Tells if a name means the table, or something in it.
pub(in crate::database::catalog::uses) fn names_table(setting: Setting, pieces: &[Piece]) -> Sure {
    let of = |name: &Name| {
        let paths = [name.parts.get(..1), name.parts.get(..2)];
        let named = |path| Sure::from(setting.subject.is_table(path, setting.home));
        paths.into_iter().flatten().map(named).max().unwrap_or(Sure::No)
    };
    pieces
        .iter()
        .filter_map(Piece::name)
        .filter(|name| !name.is_field)
        .map(of)
        .max()
        .unwrap_or(Sure::No)
}

/// Tells if a statement names the column. A name that can only mean something else does not count.
pub(in crate::database::catalog::uses) fn names_column(
    setting: Setting,
    statement: &[Piece],
) -> Sure {
    let relations = relations(statement);
    let mut sure = Sure::No;
    for (at, piece) in statement.iter().enumerate() {
        let Some(name) = piece.name().filter(|name| setting.subject.is_column(name)) else {
            continue;
        };
        let is_output = at > 0 && statement[at - 1].is("AS");
        if name.all || is_output && name.parts.len() == 1 {
            continue;
        }
        let bare = name.parts.len() == 1 && !name.is_field;
        let found = if bare {
            bare_name(setting, statement, &relations)
        } else {
            qualified_name(setting, &relations, name)
        };
        sure = sure.max(found);
    }
    sure
}

fn bare_name(setting: Setting, statement: &[Piece], relations: &[Relation]) -> Sure {
    let is_table =
        |relation: &Relation| Sure::from(setting.subject.is_table(&relation.parts, setting.home));
    let all_ours = relations.iter().map(is_table).min().unwrap_or(Sure::No);
    if all_ours != Sure::No {
        return all_ours;
    }
    let from_elsewhere = relations.iter().any(|relation| relation.is_derived);
    let possible = names_table(setting, statement) != Sure::No
        || setting.own_trigger
        || setting.has_row
        || setting.derives
        || setting.in_text
        || from_elsewhere;
    if possible { Sure::Perhaps } else { Sure::No }
}

fn qualified_name(setting: Setting, relations: &[Relation], name: &Name) -> Sure {
    if is_row_of_trigger(name) {
        return if setting.own_trigger { Sure::Yes } else { Sure::No };
    }
    match owner(setting.subject, relations, name, setting.home) {
        Owner::Ours if setting.subject.has_namesakes => Sure::Perhaps,
        Owner::Ours => Sure::Yes,
        Owner::Other if !setting.derives => Sure::No,
        Owner::Other | Owner::Unknown => Sure::Perhaps,
    }
}

/// Returns true if a name is a column of `NEW` or `OLD`.
pub(in crate::database::catalog::uses) fn is_row_of_trigger(name: &Name) -> bool {
    let qualifier = if name.all { Some(name.last()) } else { name.qualifier() };
    let row = |word: &str| ["new", "old"].iter().any(|row| word.eq_ignore_ascii_case(row));
    !name.is_field && name.parts.len() == 2 - usize::from(name.all) && qualifier.is_some_and(row)
}

/// Returns true if a text of MariaDB's catalog names a column: a check, an expression or a view.
pub(in crate::database::catalog) fn text_names_column(text: &str, column: &str) -> bool {
    names(Dialect::MariaDb, text, column).unwrap_or_else(|_| mentions(text, column))
}

/// Returns true if a text contains the name as a word, or in backticks.
fn mentions(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    text.contains(&quoted(&name))
        || text.match_indices(&name).any(|(at, found)| {
            !text[..at].chars().next_back().is_some_and(word)
                && !text[at + found.len()..].chars().next().is_some_and(word)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_counts_as_a_word_or_in_backticks() {
        assert!(mentions("SET NEW.UserName = 1", "username"));
        assert!(mentions("select `t`.`odd``name` from t", "odd`name"));
        assert!(!mentions("SET NEW.username2 = my_username", "username"));
    }
}
