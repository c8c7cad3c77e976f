//! The values for the two columns of a pair: each column that is written gets its own, converted if it has
//! another type.
//!
//! Given in `dual_write` on PostgreSQL, for code whose `age` is a `bigint`:
//!
//! ```sql
//! UPDATE users SET age = $1
//! -- becomes
//! UPDATE users SET "age_bigint" = $1, "age" = (CAST(CAST($1 AS bigint) AS integer))
//! ```

use crate::model::Side;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

/// A value as it is written to the column of one side. `DEFAULT` is never converted: the column has a
/// default of its own.
pub(super) fn value_for(
    pair: &MappedColumn,
    side: Side,
    value: &[Piece],
    is_default: bool,
) -> Vec<Piece> {
    let Some(around) = pair.written_around(side).filter(|_| !is_default) else {
        return value.to_vec();
    };
    let mut pieces = Vec::new();
    for (at, text) in around.texts().iter().enumerate() {
        if at > 0 {
            pieces.extend_from_slice(value);
        }
        pieces.push(Piece::New(text.clone()));
    }
    pieces
}

/// A value as a list, for each column that is written.
pub(super) fn values_for(pair: &MappedColumn, value: &[Piece], is_default: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for side in pair.written_sides() {
        if !pieces.is_empty() {
            pieces.push(Piece::New(", ".to_owned()));
        }
        pieces.append(&mut value_for(pair, side, value, is_default));
    }
    pieces
}

/// The same list for a value that is a short text, such as the name of a column of a query.
pub(super) fn texts_for(pair: &MappedColumn, value: &str) -> String {
    let texts = pair.written_sides().map(|side| match pair.written_around(side) {
        Some(around) => around.fill(value),
        None => value.to_owned(),
    });
    texts.collect::<Vec<_>>().join(", ")
}

impl Rewriter<'_> {
    /// The column of a pair that is set first.
    pub(super) fn first_written(&self, pair: &MappedColumn) -> String {
        self.dialect.quote(pair.written().next().unwrap_or_else(|| pair.read()))
    }

    /// What MariaDB assigns to the second column of a pair, where the first one has been set to a value
    /// that cannot be computed twice: `first` is that column.
    pub(super) fn second_of(pair: &MappedColumn, first: &str) -> Result<String> {
        let mut sides = pair.written_sides();
        let (Some(own), Some(second)) = (sides.next(), sides.next()) else {
            return Ok(first.to_owned());
        };
        if pair.written_around(own).is_some() {
            return Err(RewriteError::unsupported(
                "a value that may differ when computed twice, for a column that gets another type",
            ));
        }
        Ok(pair.written_around(second).map_or(first.to_owned(), |around| around.fill(first)))
    }
}
