//! A set of tables in one number. Pure.

/// A set of the tables of which a column may get its other name at any moment, by their numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableSet(pub u32);

impl TableSet {
    /// Stands for all tables from the 32nd on: nobody opens it, so that it is never known to be held.
    pub(super) const REST: u32 = 1 << 31;

    /// The tables with these numbers, which have to be held.
    pub(super) fn to_hold(numbers: impl Iterator<Item = usize>) -> Self {
        let bits = numbers.map(|number| Self::bit(number).unwrap_or(Self::REST));
        Self(bits.fold(0, |all, bit| all | bit))
    }

    /// Adds the table with a number; one without a bit of its own is not added.
    pub fn insert(&mut self, number: usize) {
        self.0 |= Self::bit(number).unwrap_or(0);
    }

    fn bit(number: usize) -> Option<u32> {
        u32::try_from(number).ok().filter(|number| *number < 31).map(|number| 1 << number)
    }
}
