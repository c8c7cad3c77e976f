//! A value that is computed once, for the two columns that take it.

use std::ops::Range;

use sqlparser::ast::Expr;

use crate::shim::mapped_column::MappedColumn;
use crate::shim::rewrite::Rewriter;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::write::subexpressions::is_default_keyword;

/// A value of an insert that is computed once, for the two columns that take it.
pub(crate) struct ComputedValue<'p> {
    /// The column that takes it.
    pub(crate) pair: &'p MappedColumn,
    /// The bytes that reading it stands for; empty where nothing stood.
    pub(crate) bytes: Range<usize>,
    pub(crate) value: Piece,
    /// The texts that are inserted before and behind it.
    pub(crate) around: (String, &'static str),
}

impl<'p> ComputedValue<'p> {
    /// The value that these bytes are.
    pub(crate) fn of(bytes: Range<usize>, pair: &'p MappedColumn) -> Self {
        let value = Piece::Copy(bytes.clone());
        Self { pair, bytes, value, around: Default::default() }
    }
}

impl Rewriter<'_> {
    /// The default to send for `DEFAULT`, where the database's own would differ for each column.
    pub(crate) fn default_of(pair: &MappedColumn, value: &Expr) -> Option<Piece> {
        let default = pair.sent_default().filter(|_| is_default_keyword(value))?;
        Some(Piece::New(format!("({})", default.sql)))
    }

    /// A name that the text has nowhere.
    pub(crate) fn unused_name(&self) -> String {
        let text = self.text.sql.to_ascii_lowercase();
        let mut name = "once".to_owned();
        while text.contains(&name) {
            name.push('_');
        }
        name
    }
}
