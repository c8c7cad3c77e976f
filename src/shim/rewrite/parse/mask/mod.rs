//! What is hidden from the parser because it does not know it.

mod mask_text;
mod subscripts;
mod table_list;
mod unknown_words;

pub(crate) use mask_text::mask;
