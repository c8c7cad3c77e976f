//! A foreign key of a table, and the clauses by which it writes a column.

use std::fmt;

/// The action of a foreign key on the referencing rows when the referenced row is deleted or its
/// key changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It refuses the statement, at once or at its end.
    Refuse,
    /// It deletes them, or gives them the new value.
    Cascade,
    /// It sets their columns to NULL.
    SetNull,
    /// It sets their columns to their defaults.
    SetDefault,
}

impl Action {
    /// Reads an action from the words of SQL, or from PostgreSQL's letter for it.
    pub(super) fn read(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "CASCADE" | "C" => Self::Cascade,
            "SET NULL" | "N" => Self::SetNull,
            "SET DEFAULT" | "D" => Self::SetDefault,
            _ => Self::Refuse,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refuse => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        })
    }
}

/// A foreign key of a table, on any database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its name; on SQLite its columns, because the catalog there stores no name.
    pub name: String,
    /// The referencing columns.
    pub columns: Vec<String>,
    /// The action when the referenced row is deleted.
    pub on_delete: Action,
    /// The action when the key of that row changes.
    pub on_update: Action,
    /// The columns that `ON DELETE SET` sets, if it does not set all of them (PostgreSQL 15).
    pub set_on_delete: Vec<String>,
}

/// A clause by which a foreign key writes a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cascade {
    /// `ON DELETE`.
    OnDelete(Action),
    /// `ON UPDATE`.
    OnUpdate(Action),
}

impl fmt::Display for Cascade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnDelete(action) => write!(f, "ON DELETE {action}"),
            Self::OnUpdate(action) => write!(f, "ON UPDATE {action}"),
        }
    }
}

impl ForeignKey {
    /// The clauses by which it writes a column; `is_column` recognises the column's name. The
    /// database then writes only this column: a cascade of another foreign key on the copy comes
    /// later.
    pub fn writes(&self, is_column: impl Fn(&str) -> bool) -> Vec<Cascade> {
        let has = |columns: &[String]| columns.iter().any(|column| is_column(column));
        let mut found = Vec::new();
        if !has(&self.columns) {
            return found;
        }
        let set = self.set_on_delete.is_empty() || has(&self.set_on_delete);
        if matches!(self.on_delete, Action::SetNull | Action::SetDefault) && set {
            found.push(Cascade::OnDelete(self.on_delete));
        }
        if self.on_update != Action::Refuse {
            found.push(Cascade::OnUpdate(self.on_update));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_some_actions_write_the_column() {
        for (columns, set, on_delete, on_update, clauses) in [
            ("a", "", "NO ACTION", "RESTRICT", ""),
            ("a", "", "CASCADE", "a", ""),
            ("a", "", "SET NULL", "NO ACTION", "ON DELETE SET NULL"),
            ("x,a", "", "d", "c", "ON DELETE SET DEFAULT, ON UPDATE CASCADE"),
            ("x,a", "x", "n", "n", "ON UPDATE SET NULL"),
            ("x,a", "a", "n", "a", "ON DELETE SET NULL"),
            ("x", "", "SET NULL", "CASCADE", ""),
        ] {
            let list = |text: &str| text.split_terminator(',').map(str::to_owned).collect();
            let key = ForeignKey {
                name: "k".into(),
                columns: list(columns),
                on_delete: Action::read(on_delete),
                on_update: Action::read(on_update),
                set_on_delete: list(set),
            };
            let written: Vec<_> =
                key.writes(|name| name == "a").iter().map(Cascade::to_string).collect();
            assert_eq!(written.join(", "), clauses, "{key:?}");
        }
    }
}
