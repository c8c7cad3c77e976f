//! Indexes that somebody has put on the copy alone, such as a migration of the app that was written for
//! the new name. On SQLite the copy is what goes, so they are made again on the column that gets its
//! name: `CREATE INDEX i ON users (handle)` means that column then.

use sea_orm::{ConnectionTrait, DbErr};

use super::column_diff::{Columns, Lack, lacks};
use crate::database::catalog::{Table, Unreadable};
use crate::database::{Dialect, get};
use crate::model::ColumnPair;

/// Returns the names of the indexes of `to` that `from` has none like, as far as their definitions do
/// not use `from` too.
///
/// # Errors
/// An expression cannot be read.
pub(super) fn of_copy_alone(
    table: &Table,
    columns: &ColumnPair,
) -> Result<Vec<String>, Unreadable> {
    let dialect = Dialect::Sqlite;
    let (from, to) = (columns.from.as_str(), columns.to.as_str());
    let at = Columns { dialect, source: to, target: from };
    let of_both = table.indexes_of(dialect, from)?;
    let found = lacks(table, at, false)?.into_iter().filter_map(|lack| match lack {
        Lack::Index(index) if !index.constraint && !index.primary => Some(index.name),
        _ => None,
    });
    Ok(found.filter(|name| of_both.iter().all(|other| other.name != *name)).collect())
}

/// Returns the statements that made these indexes.
///
/// # Errors
/// The database reports an error.
pub(super) async fn statements<C: ConnectionTrait>(
    transaction: &C,
    names: &[String],
) -> Result<Vec<String>, DbErr> {
    let mut all = Vec::with_capacity(names.len());
    for name in names {
        let sql = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = $1";
        all.extend(
            get::<Option<String>, _, _>(transaction, sql, [name.as_str().into()]).await?.flatten(),
        );
    }
    Ok(all)
}
