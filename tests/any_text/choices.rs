//! Bytes, read as a row of choices: so whoever makes the bytes makes the case.

pub struct Choices<'a> {
    bytes: &'a [u8],
}

impl<'a> Choices<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether nothing is left to choose by: from here on, every choice is the first one.
    pub const fn is_over(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A number below `bound`, by one byte, or two where one is too small.
    pub fn below(&mut self, bound: usize) -> usize {
        let mut number = self.byte();
        if bound > 256 {
            number = number * 256 + self.byte();
        }
        number % bound.max(1)
    }

    /// One of these.
    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn byte(&mut self) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first)
    }
}
