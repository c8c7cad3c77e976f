//! Looks up the columns of tables without a renamed column, where a bare name may be theirs.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DbErr};

use super::known_columns::TableColumns;
use super::lookups::{Kept, Known};
use super::rewrite::RewriteError;
use super::snapshot::Snapshot;
use crate::database::columns::{self, Listed};
use crate::model::TableName;

/// The number of rounds of lookups at most. A round finds all the tables of one name; each further
/// one needs a name that was not reached before.
const MAX_ROUNDS: u8 = 16;

/// Maps a statement with `map`, which says which columns it lacks, and looks these up on the
/// connection that the statement will be sent on.
///
/// # Errors
/// The statement cannot be mapped with certainty, or the database reports an error: one of the tables
/// does not exist, for example.
pub(super) async fn map_with_lookup<C: ConnectionTrait, T>(
    snapshot: &Snapshot,
    connection: &C,
    kept: Kept,
    map: impl Fn(&Known, Kept) -> Result<T, RewriteError>,
) -> Result<T, DbErr> {
    let mut known = match kept {
        Kept::ForMapping => snapshot.lookups().known(),
        Kept::ForStatement => Arc::default(),
    };
    for _ in 0..MAX_ROUNDS {
        let error = match map(&known, kept) {
            Ok(mapped) => return Ok(mapped),
            Err(error) => error,
        };
        if error.undecided_tables().is_empty() {
            return Err(error.into());
        }
        let mut next = Known::clone(&known);
        for table in error.undecided_tables() {
            let Some(columns) = look_up(snapshot, connection, table).await? else {
                columns::look_for(connection, snapshot.dialect, table).await?;
                return Err(error.into());
            };
            if kept == Kept::ForMapping {
                snapshot.lookups().add(known.generation, table, &columns);
            }
            next.columns.insert(table.clone(), columns);
        }
        known = Arc::new(next);
    }
    map(&known, kept).map_err(DbErr::from)
}

/// Looks up the tables of a statement again, after the database has not found a column of it, or has
/// found two. Returns true if one of them has other columns than when the statement was mapped, by
/// columns of this generation. All columns are forgotten then.
pub(super) async fn has_other_columns<C: ConnectionTrait>(
    snapshot: &Snapshot,
    connection: &C,
    generation: u32,
    sql: &str,
) -> Result<bool, DbErr> {
    let known = snapshot.lookups().known();
    if known.generation != generation {
        return Ok(true);
    }
    let sql = sql.to_lowercase();
    for (table, columns) in known.columns.tables() {
        if sql.contains(&table.name.as_str().to_lowercase())
            && look_up(snapshot, connection, table).await?.as_ref() != Some(columns)
        {
            snapshot.lookups().forget();
            return Ok(true);
        }
    }
    Ok(false)
}

async fn look_up<C: ConnectionTrait>(
    snapshot: &Snapshot,
    connection: &C,
    table: &TableName,
) -> Result<Option<TableColumns>, DbErr> {
    let listed = columns::resolve(connection, snapshot.dialect, table).await?;
    tracing::debug!(%table, found = listed.is_some(), "columns looked up for a bare name");
    Ok(listed
        .map(|Listed { columns: names, invisible: unlisted, .. }| TableColumns { names, unlisted }))
}
