use std::fmt;

use super::foreign_key::Cascade;
use super::object::Object;

/// An object that uses a column which is about to get another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The object.
    pub object: Object,
    /// What it does.
    pub problem: Problem,
    /// Whether it does so for certain; otherwise its text allows it, and somebody has to look.
    pub certain: bool,
}

/// What an object does that breaks, or makes data differ, while a column is renamed.
///
/// Its words follow those of the object: "the view `v`" "names the column `username` of `users`".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It has the column's name in its text, which stays as it is when the column goes.
    Names {
        /// The column with its table.
        column: String,
    },
    /// It writes the column and not its copy: the guard refuses that.
    Writes {
        /// The column with its table.
        column: String,
    },
    /// It gives the column of the row that is being written another value, and not the copy.
    ChangesRow {
        /// The column with its table.
        column: String,
    },
    /// It inserts into the table without naming columns.
    InsertsByPosition {
        /// The table.
        table: String,
    },
    /// It reads all columns of the table by `*`: there is one more meanwhile.
    ReadsAllColumns {
        /// The table.
        table: String,
    },
    /// It hands the whole row on, with the names of its columns.
    UsesWholeRow {
        /// The table.
        table: String,
    },
    /// A column of a view gets another name when the column does.
    ChangesOutput {
        /// The view's column now.
        output: String,
        /// What it would be called.
        becomes: String,
    },
    /// It names a column of a view, or of its own subquery, that gets another name.
    NamesOutput {
        /// The view, or the name of the subquery.
        relation: String,
        /// The column.
        output: String,
    },
    /// A foreign key writes the column and not its copy.
    Cascades {
        /// The column with its table.
        column: String,
        /// By which clause.
        clause: Cascade,
    },
    /// A full-text index takes its text from the table by the column's name.
    IndexesContent {
        /// The column with its table, or with the view that the text comes from.
        column: String,
    },
    /// The user that handover connects as may not read what it does.
    Unreadable,
    /// It does not work as it is, and SQLite refuses to rename a column beside it.
    Broken {
        /// What the database says.
        reason: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Names { column } => write!(f, "names the column `{column}`"),
            Self::Writes { column } => write!(f, "writes the column `{column}` but not its copy"),
            Self::ChangesRow { column } => {
                write!(f, "changes `{column}` in the row that is being written, but not its copy")
            }
            Self::InsertsByPosition { table } => {
                write!(f, "inserts into `{table}` without a list of columns")
            }
            Self::ReadsAllColumns { table } => {
                write!(f, "reads all columns of `{table}` by `*`, and there will be one more")
            }
            Self::UsesWholeRow { table } => {
                write!(f, "uses whole rows of `{table}`, with the names of their columns")
            }
            Self::ChangesOutput { output, becomes } => {
                write!(f, "has a column `{output}` that would be called `{becomes}`")
            }
            Self::NamesOutput { relation, output } => {
                write!(f, "names the column `{output}` of `{relation}`, whose name would change")
            }
            Self::Cascades { column, clause } => {
                write!(f, "writes the column `{column}` by `{clause}`, but not its copy")
            }
            Self::IndexesContent { column } => {
                write!(f, "takes its text from the column `{column}` by name")
            }
            Self::Unreadable => f.write_str("has a body that this user may not read"),
            Self::Broken { reason } => write!(f, "does not work as it is ({reason})"),
        }
    }
}

impl Use {
    pub(super) const fn certain(object: Object, problem: Problem) -> Self {
        Self { object, problem, certain: true }
    }

    pub(super) const fn possible(object: Object, problem: Problem) -> Self {
        Self { object, problem, certain: false }
    }
}

/// The object and what it does, such as "the view `v` names the column `users.username`".
impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.certain || self.problem == Problem::Unreadable {
            write!(f, "{} {}", self.object, self.problem)
        } else {
            write!(f, "{} seems to be one that {}", self.object, self.problem)
        }
    }
}
