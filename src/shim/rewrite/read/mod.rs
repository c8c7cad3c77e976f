//! Queries and expressions: every column reference is mapped, and the code sees its own names.
//!
//! May use `resolve` and below. It imports nothing of `write`, though a `WITH` list may hold a write: the walk
//! goes there by a method of `Rewriter`.

mod aliased_join;
mod expand_star;
mod expr;
mod field_access;
mod from;
mod function;
mod index_hint;
mod join;
mod join_using;
mod naming;
mod operators;
mod order_by;
mod output_name;
mod projection;
mod query;
mod row_constructor;
mod select;
mod select_item_ranges;
mod table_function;
mod table_subquery;
mod with;

pub(crate) use function::names_row;
pub(crate) use naming::Naming;
pub(crate) use select_item_ranges::Items;
