//! Maps a statement for the connection that it is sent on.

use std::sync::Arc;

use sea_orm::{DbErr, Statement};

use super::executor::Executor;
use super::lookup::map_with_lookup;
use super::lookups::{Kept, Known};
use super::mapped_statement::MappedStatement;
use super::rewrite::RewriteError;
use super::snapshot::Snapshot;

/// Returns a copy of the statement, as it is sent under this mapping on the connection of the executor.
/// `None` if it is sent unchanged and never has to be sent again. If the mapping lacks the columns of a
/// table, a newer one takes its place.
///
/// # Errors
/// As of [`map_with_lookup`].
pub(super) async fn map<E: Executor>(
    executor: &E,
    snapshot: &mut Arc<Snapshot>,
    statement: &Statement,
) -> Result<Option<MappedStatement>, DbErr> {
    let has_foreign_names = |mapped: Option<&MappedStatement>| {
        mapped.is_some_and(|mapped| mapped.resend.looked_up.is_some()) && executor.has_own_names()
    };
    let mut mapped = snapshot.map(statement);
    if mapped.as_ref().is_err_and(RewriteError::lacks_columns)
        && let Some(fresh) = Box::pin(executor.look_at_columns()).await?
    {
        // The table was made since the last look, by a migration of the app for example.
        *snapshot = fresh;
        mapped = snapshot.map(statement);
    }
    match mapped {
        Ok(mapped) if !has_foreign_names(mapped.as_ref()) => return Ok(mapped),
        Err(error) if error.undecided_tables().is_empty() => return Err(error.into()),
        Ok(_) | Err(_) => {}
    }
    let kept = if executor.has_own_names() { Kept::ForStatement } else { Kept::ForMapping };
    let map = |known: &Known, kept| snapshot.map_knowing(statement, known, kept);
    // In a box, so that the future of each statement needs no room for it.
    Box::pin(map_with_lookup(snapshot, executor.connection(), kept, map)).await.map(Some)
}
