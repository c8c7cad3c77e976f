pub(crate) mod atomicity;
pub(crate) mod edits;
pub(crate) mod prefilter;
pub(crate) mod render;
pub(crate) mod text;
