//! The guard of a copy: the condition under which it refuses a write.

use sea_orm::ConnectionTrait;

use super::super::stage_error::StageError;
use super::compare::distinct;
use super::guard::{Watched, put_guard_on};
use crate::database::Dialect;
use crate::database::catalog::Column;
use crate::model::{Change, Side};

/// Puts the guard on one side of a copy: see [`put_guard_on`].
pub(in crate::migrator) async fn put_guard<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    change: &Change,
    column: &Column,
    side: Side,
) -> Result<(), StageError> {
    let rename = change.columns();
    let (own, twin) = match side {
        Side::From => (&rename.from, &rename.to),
        Side::To => (&rename.to, &rename.from),
    };
    let (own, twin) = (dialect.quote(own), dialect.quote(twin));
    let default = (side == Side::To).then(|| default_of(dialect, column)).flatten();
    let watched = Watched {
        differs: distinct(dialect, column, &format!("NEW.{own}"), &format!("NEW.{twin}")),
        changed: distinct(dialect, column, &format!("NEW.{own}"), &format!("OLD.{own}")),
        left_out: default.map(|default| distinct(dialect, column, &format!("NEW.{own}"), &default)),
        values: "to the same value",
    };
    put_guard_on(transaction, dialect, change, &watched, side).await
}

/// The default of the column, as a value to compare with. On the way back, `to` is still guarded when
/// inserts already leave it out: the default that it then gets was written by nobody.
fn default_of(dialect: Dialect, column: &Column) -> Option<String> {
    let default = column.default.as_deref()?;
    match dialect {
        Dialect::Postgres => Some(format!("CAST({default} AS {})", column.sql_type)),
        Dialect::MariaDb => Some(default.to_owned()),
        // There a default may be a bare word, which elsewhere would be the name of a column.
        Dialect::Sqlite => {
            let literal = |c: char| c == '\'' || c == '-' || c.is_ascii_digit();
            default.starts_with(literal).then(|| default.to_owned())
        }
    }
}
