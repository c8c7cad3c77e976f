//! What a case is made of: numbers, which proptest shrinks towards zero.

/// Numbers that are asked one after the other; beyond their end every answer is zero.
pub struct Choices<'a> {
    numbers: &'a [u16],
    at: usize,
}

impl<'a> Choices<'a> {
    pub fn new(numbers: &'a [u16]) -> Self {
        Self { numbers, at: 0 }
    }

    /// A number below `bound`; zero is the simplest answer.
    pub fn below(&mut self, bound: usize) -> usize {
        let number = self.numbers.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(number) % bound
    }

    /// One of `options`, of which the first is the simplest.
    pub fn one<T: Copy>(&mut self, options: &[T]) -> T {
        options[self.below(options.len())]
    }

    /// Yes once in `many` times.
    pub fn once_in(&mut self, many: usize) -> bool {
        self.below(many) == many - 1
    }
}
