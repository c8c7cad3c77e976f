//! Edits of a text: which bytes are replaced by what.

use std::ops::Range;

/// A part of what replaces a byte range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// New text.
    New(String),
    /// A part of the original text, with the edits inside of it applied.
    Copy(Range<usize>),
}

#[derive(Debug)]
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) pieces: Vec<Piece>,
}

/// The edits of one text. They may nest: an outer edit copies parts that have edits of their own,
/// possibly twice. Of two edits of the same range, the later one is the outer one.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    pub(super) edits: Vec<Edit>,
}

impl Edits {
    pub(crate) fn replace(&mut self, range: Range<usize>, pieces: Vec<Piece>) {
        self.edits.push(Edit { range, pieces });
    }

    pub(crate) fn len(&self) -> usize {
        self.edits.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }
}
