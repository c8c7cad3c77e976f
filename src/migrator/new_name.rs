//! The new name of a column: short enough for the database, and not taken.

use super::stage_error::StageError;
use crate::database::{Dialect, plain};
use crate::model::{ColumnPair, Identifier};
use crate::plan::Obstacle;

/// Checks that the names are not too long, and that the table has no column of the new name yet.
/// `columns` are the names of its columns.
pub(super) fn check_new_name<'n>(
    dialect: Dialect,
    rename: &ColumnPair,
    mut columns: impl Iterator<Item = &'n str>,
) -> Result<(), StageError> {
    for name in [&rename.from, &rename.to] {
        if let Some(limit) = dialect.max_name_length()
            && dialect.name_length(name.as_str()) > limit
        {
            return Err(StageError::NameTooLong { name: name.clone(), limit, dialect });
        }
    }
    let to = rename.to.as_str();
    if columns.any(|own| dialect.same_column(own, to)) {
        let (table, column) = (rename.table.clone(), rename.to.clone());
        return Err(StageError::ColumnExists { table, column });
    }
    if dialect == Dialect::Postgres && SYSTEM_COLUMNS.contains(&to) {
        let reason = format!("`{to}` is the name of a system column");
        return Err(unfit(rename, &rename.from, vec![Obstacle::hard(reason)]));
    }
    Ok(())
}

/// The refusal of a column, with the obstacles.
pub(super) fn unfit(
    rename: &ColumnPair,
    column: &Identifier,
    obstacles: Vec<Obstacle>,
) -> StageError {
    let (table, column) = (rename.table.clone(), column.clone());
    StageError::Unfit { table, column, done: "renamed", obstacles, other_way: None }
}

/// The refusal of a column that a rehearsal has failed on. A lock that was not had in time is not an
/// obstacle.
pub(super) fn unfit_after_rehearsal(
    rename: &ColumnPair,
    column: &Identifier,
    error: StageError,
) -> StageError {
    match error {
        StageError::Database(told) if !StageError::is_lock(&told) => {
            let told = plain(&told.to_string());
            let obstacle = Obstacle::hard(format!("the database does not let it be done: {told}"));
            unfit(rename, column, vec![obstacle])
        }
        other => other,
    }
}

/// The system columns, which each table of PostgreSQL has.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];
