//! Values that differ each time they are computed, such as `random()`: computed once, for two
//! columns.
//!
//! They have one way in an assignment, one in the rows of `VALUES` and one in a query.

mod assignment;
mod inserted_rows;
mod query;
mod value;

pub(crate) use value::ComputedValue;
