//! The output columns of SQLite's views, and which of them change with a column's name.

mod output_columns;
mod select_list;

pub(super) use output_columns::Schema;
pub(super) use select_list::Facts;
