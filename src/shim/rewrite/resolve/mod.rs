//! The meaning of names: scopes, tables, columns and whole rows, as the database would look them up.
//!
//! May use `parse` and below.

mod binder;
mod binding;
mod candidates;
mod column_ref;
mod context;
mod coverage;
mod cte;
mod dropped_column;
mod identifiers;
mod output_alias;
mod output_columns;
mod qualified_name;
mod row_field;
mod scope;
mod system_columns;
mod table_columns;
mod table_ref;
mod unmapped_table;
mod whole_row;

pub(crate) use binding::Binding;
pub(crate) use column_ref::ColumnRef;
pub(crate) use context::{Clause, ExprContext};
pub(crate) use cte::{Ctes, Env};
pub(crate) use identifiers::idents;
pub(crate) use output_columns::{Exposed, Outputs};
pub(crate) use scope::{Relation, RelationKind, Scope};
pub(crate) use whole_row::row_as_value;
