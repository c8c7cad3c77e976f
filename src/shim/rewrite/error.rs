//! The reasons for which a statement is refused.

use crate::model::TableName;

/// A result of the rewriter.
pub(crate) type Result<T = (), E = RewriteError> = std::result::Result<T, E>;

/// Why a statement was not rewritten, and so must not be sent.
///
/// Each quotes the statement with its literals replaced by `?`: they may be secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RewriteError {
    /// The text is no SQL that the parser knows, but it names a renamed table.
    #[error("a statement that names a renamed table cannot be parsed: {reason}, in `{sql}`")]
    Parse {
        /// The statement.
        sql: String,
        /// The form that the parser expected, and the position.
        reason: String,
    },
    /// The statement uses a form in which a renamed column cannot be mapped with certainty.
    #[error("not supported on a renamed table: {form}, in `{sql}`")]
    Unsupported {
        /// The form, and what to write instead where there is something.
        form: String,
        /// The statement.
        sql: String,
    },
    /// The statement depends on the columns of a table that were not there, or were others, when they were
    /// last looked at.
    #[error("not supported on a renamed table: {form}, in `{sql}`")]
    UnknownColumns {
        /// The form, and the table.
        form: String,
        /// The statement.
        sql: String,
    },
    /// One statement sets both names of one column, to values that may differ.
    #[error(
        "`{table}` is given values for both `{from}` and `{to}`, which are one column, in `{sql}`"
    )]
    Conflicting {
        /// The table.
        table: String,
        /// The name of the column before the rename.
        from: String,
        /// The name of the column afterwards.
        to: String,
        /// The statement.
        sql: String,
    },
    /// A column name without its table could mean a renamed column or another one.
    #[error(
        "`{column}` may or may not be the renamed column ({why}); write it with its table, in `{sql}`"
    )]
    Ambiguous {
        /// The name as written.
        column: String,
        /// The other column that it could be.
        why: String,
        /// The tables whose columns would decide it, as far as they are not known.
        tables: Vec<TableName>,
        /// The statement.
        sql: String,
    },
    /// The statement names a column that has been dropped.
    #[error("the column `{column}` of `{table}` has been dropped, in `{sql}`")]
    Dropped {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The statement.
        sql: String,
    },
    /// A statement that changes the schema names a renamed column.
    #[error("`{column}` is being renamed, so `{sql}` belongs in a migration")]
    Schema {
        /// The name as written.
        column: String,
        /// The statement.
        sql: String,
    },
    /// The parser's positions do not fit the text, so an edit could hit the wrong bytes.
    #[error("the position of `{what}` is not certain, in `{sql}`")]
    Misplaced {
        /// The text that was to be edited.
        what: String,
        /// The statement.
        sql: String,
    },
}

impl RewriteError {
    pub(crate) fn unsupported(form: impl Into<String>) -> Self {
        Self::Unsupported { form: form.into(), sql: String::new() }
    }

    pub(crate) fn unknown_columns(form: String) -> Self {
        Self::UnknownColumns { form, sql: String::new() }
    }

    /// Returns true if the statement may be mapped after another look at the columns of the table.
    #[must_use]
    pub const fn lacks_columns(&self) -> bool {
        matches!(self, Self::UnknownColumns { .. })
    }

    pub(crate) fn misplaced(what: impl Into<String>) -> Self {
        Self::Misplaced { what: what.into(), sql: String::new() }
    }

    pub(crate) fn ambiguous(column: impl Into<String>, why: impl Into<String>) -> Self {
        Self::undecided(column, why, Vec::new())
    }

    /// A name that is ambiguous only until the columns of these tables are known.
    pub(crate) fn undecided(
        column: impl Into<String>,
        why: impl Into<String>,
        tables: Vec<TableName>,
    ) -> Self {
        Self::Ambiguous { column: column.into(), why: why.into(), tables, sql: String::new() }
    }

    /// Returns true if the statement is refused only until the columns of tables are looked at.
    #[must_use]
    pub fn may_be_decided(&self) -> bool {
        self.lacks_columns() || !self.undecided_tables().is_empty()
    }

    /// Returns the tables whose columns may decide what the statement means. Empty if the statement
    /// is refused for good.
    #[must_use]
    pub fn undecided_tables(&self) -> &[TableName] {
        match self {
            Self::Ambiguous { tables, .. } => tables,
            _ => &[],
        }
    }
}
