//! Statement text in, statement text out: each mapped column by its physical names. Pure.
//!
//! The text is parsed, every column reference is resolved to its table, and the original text is
//! edited at the places the parser reports. What is not edited stays byte for byte the same. A form
//! whose meaning is not certain is refused, never passed through.

mod assign;
mod blanked;
mod column;
mod conflict;
mod delete;
mod duplicate;
mod edit;
mod element;
mod error;
mod expr;
mod from;
mod function;
mod grammar;
mod insert;
mod kept;
mod left_out;
mod merge;
mod merged;
mod names;
mod once;
mod other;
mod outputs;
mod overriding;
mod projection;
mod query;
mod relation;
mod resolve;
mod rewriter;
mod row;
mod scan;
mod scope;
mod select;
mod selected;
mod spread;
mod star;
mod statement;
mod table;
mod text;
mod tuple;
mod update;
mod upsert;
mod values;
mod whole;
mod wrapped;

#[cfg(test)]
mod tests;

pub use error::RewriteError;
pub use scan::names_mapped_table;
pub use statement::{Rewrite, rewrite};
pub use whole::is_refused_whole;
