//! Writes: `INSERT`, `UPDATE`, `DELETE`, `MERGE`. Each value reaches every column that is written.
//!
//! May use `read` and below.

mod column_pair_values;
mod compute_once;
mod default_values;
mod delete;
mod earlier_assignment;
mod insert;
mod insert_columns;
mod insert_select;
mod merge;
mod multi_column_set;
mod omitted_defaults;
mod overriding;
mod replace;
mod set;
mod subexpressions;
mod subscript;
mod target;
mod update;
mod upsert;
mod value_ranges;
mod values;
mod volatility;

pub(crate) use insert_columns::{DualColumn, last_ident};
pub(crate) use subexpressions::names_only;
pub(crate) use volatility::is_stable;
