//! A renamed column, and the columns that reads and writes use in its present state. Pure.

use super::retyped::{Around, Retyped};
use crate::model::{ChangeName, ComputedDefault, Identifier, Side, State};

/// A renamed column in its present state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedColumn {
    /// The name before the rename.
    pub from: Identifier,
    /// The name after the rename.
    pub to: Identifier,
    /// The state of the rename in the database.
    pub state: State,
    /// The side whose name the code of this process uses. `SELECT *` returns the column by this
    /// name.
    pub code: Side,
    /// The names that the column had before `from`, from finished renames.
    pub aliases: Vec<Identifier>,
    /// The column's default, if it may give a different value each time.
    pub computed_default: Option<ComputedDefault>,
    /// The change that is about to drop it: a statement that names it is reported.
    pub dropped_by: Option<ChangeName>,
    /// True if its name may be gone when the statement arrives. Then it is written with its table
    /// wherever it may be: a bare name that is gone could be found in another table.
    pub moves: bool,
    /// The conversion, if the two columns have different types.
    pub retyped: Option<Box<Retyped>>,
}

impl MappedColumn {
    /// Returns the physical column that reads use.
    #[must_use]
    pub const fn read(&self) -> &Identifier {
        self.side(self.state.reads())
    }

    /// Returns the texts around the column that reads use, if it does not have the code's type.
    #[must_use]
    pub fn read_around(&self) -> Option<&Around> {
        self.retyped.as_ref()?.reading(self.state.reads())
    }

    /// Returns the physical columns that writes set. The column that reads use comes last: MariaDB
    /// evaluates assignments from left to right, and a value that an assignment reads from the
    /// column must be the one from before the statement (docs/explanation/protocol.md, section 4).
    pub fn written(&self) -> impl Iterator<Item = &Identifier> {
        self.written_sides().map(|side| self.side(side))
    }

    /// Returns the sides of these columns, in the same order.
    pub fn written_sides(&self) -> impl Iterator<Item = Side> {
        let writes = self.state.writes();
        let (first, last) = match self.state.reads() {
            Side::From => ((writes.to, Side::To), (writes.from, Side::From)),
            Side::To => ((writes.from, Side::From), (writes.to, Side::To)),
        };
        [first, last].into_iter().filter(|(set, _)| *set).map(|(_, side)| side)
    }

    /// Returns the texts around a value that is written to the column of one side, if that does not
    /// have the code's type.
    #[must_use]
    pub fn written_around(&self, side: Side) -> Option<&Around> {
        self.retyped.as_ref()?.writing(side)
    }

    /// Returns true if a value is not written just once and as it is.
    #[must_use]
    pub fn changes_value(&self) -> bool {
        let mut sides = self.written_sides();
        match (sides.next(), sides.next()) {
            (Some(only), None) => self.written_around(only).is_some(),
            _ => true,
        }
    }

    /// Returns the default that the shim has to send while two columns are written, since the
    /// database would give each of them a value of its own. `None` if only one is written.
    #[must_use]
    pub fn sent_default(&self) -> Option<&ComputedDefault> {
        self.computed_default.as_ref().filter(|_| self.written().count() > 1)
    }

    /// Returns true if writes set the column of the code's own type, where the two have different types:
    /// then a row that is about to be inserted has it.
    #[must_use]
    pub fn writes_own_type(&self) -> bool {
        let written = |side| self.written_sides().any(|own| own == side);
        self.retyped.as_ref().is_some_and(|retyped| written(retyped.typed))
    }

    /// Returns the physical column of the code's own type.
    #[must_use]
    pub fn typed_column(&self) -> &Identifier {
        self.retyped.as_ref().map_or(self.read(), |retyped| self.side(retyped.typed))
    }

    /// Returns the name of one side.
    #[must_use]
    pub const fn side(&self, side: Side) -> &Identifier {
        match side {
            Side::From => &self.from,
            Side::To => &self.to,
        }
    }
}
