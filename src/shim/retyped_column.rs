//! A column that gets another type, as a process finds it in one state of the database.

use super::code::Code;
use super::retyped::Retyped;
use crate::database::Dialect;
use crate::database::columns::Listed;
use crate::model::{ChangeRecord, ColumnPair, Identifier, Side, State};

/// A column that gets another type.
pub(super) struct RetypedColumn {
    /// Its columns. Once there is only one, `to` is the name that it has now.
    pub columns: ColumnPair,
    /// The state, of two columns or of one.
    pub state: State,
    pub conversion: Retyped,
}

impl RetypedColumn {
    /// The column, if statements of this code have to be mapped for it.
    pub fn of(
        dialect: Dialect,
        code: &Code,
        change: &ChangeRecord,
        listed: &Listed,
    ) -> Option<Self> {
        let conversion = change.conversion.as_ref().filter(|own| !own.at_once)?;
        let typed = if code.is_past(change) { Side::To } else { Side::From };
        let ColumnPair { table, from, to } = change.columns();
        let has = |name: &Identifier| {
            listed.columns.iter().any(|own| dialect.same_column(own, name.as_str()))
        };
        let (state, to) = match change.state {
            State::Contracted if typed == Side::To => return None,
            State::Contracted => (State::Contracted, from),
            State::Announced => (State::Contracted, if has(to) { to } else { from }),
            other => (other, to),
        };
        let columns = ColumnPair { table: table.clone(), from: from.clone(), to: to.clone() };
        match Retyped::new(dialect, from, conversion, typed) {
            Ok(conversion) => Some(Self { columns, state, conversion }),
            Err(error) => {
                tracing::error!(%error, change = %change.name, "its conversion cannot be read");
                None
            }
        }
    }
}
