//! What the text of a routine, a trigger, an event or a view does with the column.

mod body_problems;
mod mentions;
mod natural_join;
mod table_references;
#[cfg(test)]
mod tests;
mod tokens;
mod whole_rows;
mod writes;

pub(super) use body_problems::{Body, problems};
pub(in crate::database::catalog) use mentions::text_names_column;
pub(super) use mentions::{Setting, Sure, names_column, names_table};
pub(super) use natural_join::joins_naturally;
pub(super) use tokens::{Name, Piece, Reading, closing, statements};
