//! Statement text in, statement text out: each mapped column by its physical names. Pure.
//!
//! The text is parsed, every column reference is resolved to its table, and the original text is
//! edited at the spans the parser reports. What is not edited stays byte for byte the same. A form
//! whose meaning is not certain is refused, never passed through.

mod analyze;
mod dispatch;
mod error;
mod grammar;
mod outcome;
mod parse;
mod read;
mod redact;
mod resolve;
mod rewriter;
mod source;
mod utility;
mod write;

#[cfg(test)]
mod tests;

pub use analyze::{analyze, rewrite};
pub(crate) use error::Result;
pub use error::RewriteError;
pub use outcome::{Analysis, Rewrite, TextProperties};
pub(crate) use redact::without_literals;
pub(crate) use rewriter::Rewriter;
#[cfg(feature = "schema-sync")]
pub(crate) use source::contains_name;
pub use source::{is_atomic, names_mapped_table};
