//! What a use of a column breaks while the column is renamed, and the words for it.

use std::fmt;

use super::foreign_key::Cascade;
use super::object::Object;

/// An object that uses a column that is about to be renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The object.
    pub object: Object,
    /// The problem.
    pub problem: Problem,
    /// True if the problem is certain; otherwise its text allows it, and a person has to look.
    pub certain: bool,
}

/// A use that breaks, or that makes data differ, while a column is renamed.
///
/// Its words follow those of the object: "the view `v`" "names the column `users.username`".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Its text has the column's name, and stays unchanged when the column is dropped.
    Names {
        /// The column with its table.
        column: String,
    },
    /// It writes the column but not its copy: the guard refuses that.
    Writes {
        /// The column with its table.
        column: String,
    },
    /// It changes the column in the row that is being written, but not the copy.
    ChangesRow {
        /// The column with its table.
        column: String,
    },
    /// It inserts into the table without naming columns.
    InsertsByPosition {
        /// The table.
        table: String,
    },
    /// It reads all columns of the table by `*`, and there will be one more during the rename.
    ReadsAllColumns {
        /// The table.
        table: String,
    },
    /// It passes the whole row on, with the names of its columns.
    UsesWholeRow {
        /// The table.
        table: String,
    },
    /// The name of a view's column changes with the name of the column.
    ChangesOutput {
        /// The name of the view's column now.
        output: String,
        /// Its name after the rename.
        becomes: String,
    },
    /// It names a column of a view, or of its own subquery, whose name changes.
    NamesOutput {
        /// The view, or the name of the subquery.
        relation: String,
        /// The column.
        output: String,
    },
    /// A foreign key writes the column but not its copy.
    Cascades {
        /// The column with its table.
        column: String,
        /// The clause that writes it.
        clause: Cascade,
    },
    /// A full-text index takes its text from the table by the column's name.
    IndexesContent {
        /// The column, with the table or view that the text comes from.
        column: String,
    },
    /// It joins the table by `NATURAL JOIN`, and so by whatever columns the two have in common.
    JoinsNaturally {
        /// The table.
        table: String,
    },
    /// The user that handover connects as may not read its body.
    Unreadable,
    /// It is broken, and SQLite refuses to rename a column while it exists.
    Broken {
        /// The database's error.
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
            Self::JoinsNaturally { table } => {
                write!(f, "joins `{table}` by NATURAL JOIN, and would join it by other columns")
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

/// Writes the object and its problem, such as "the view `v` names the column `users.username`".
impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.certain || self.problem == Problem::Unreadable {
            write!(f, "{} {}", self.object, self.problem)
        } else {
            write!(f, "{} seems to be one that {}", self.object, self.problem)
        }
    }
}
