//! The text and what is done to it: tokens, byte ranges, edits. Knows SQL's tokens, not its
//! statements.
//!
//! May use `grammar`.

mod atomicity;
mod edits;
mod prefilter;
mod render;
mod text;

pub use atomicity::is_atomic;
pub(crate) use edits::{Edits, Piece};
pub use prefilter::names_mapped_table;
pub(crate) use prefilter::{contains_name, has_escaped_identifier};
pub(crate) use render::Rendered;
pub(crate) use text::Text;
