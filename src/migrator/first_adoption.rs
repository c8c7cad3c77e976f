//! Sessions without the shim: looked for while the first change of an app is under way. A team that
//! has just adopted handover may roll out the shim and a change in one release; then processes of the
//! release before, which have no shim, are not in the fleet, and no gate would wait for them.

use sea_orm::DbErr;

use super::history::Status;
use crate::database::{Database, Dialect, other_sessions, session_leeway, tables};
use crate::model::{Session, State};
use crate::plan::unaccounted_sessions;

/// Returns the sessions that no process of the fleet accounts for, while the first change is under way.
///
/// # Errors
/// The database reports an error.
pub(super) async fn sessions_without_shim(
    database: &Database,
    status: &Status,
) -> Result<Vec<Session>, DbErr> {
    let (connection, dialect) = (database.connection(), database.dialect());
    if dialect == Dialect::Sqlite || !is_first(status) {
        return Ok(Vec::new());
    }
    let sessions = other_sessions(connection, dialect).await?;
    if sessions.is_empty() {
        return Ok(sessions);
    }
    let instances = tables::clients(connection, dialect).await?;
    Ok(unaccounted_sessions(sessions, &instances, session_leeway(dialect)))
}

/// Returns true if a change of the app has begun on this database, and none has ever been completed.
fn is_first(status: &Status) -> bool {
    // What was noted when the database was initialised has not run on it.
    let own = || status.changes.iter().filter(|change| change.app == status.app);
    let mut ran = own().filter(|change| change.epoch > 0);
    let is_over = |state| matches!(state, State::Contracted | State::Purged);
    own().any(|change| !is_over(change.state) && change.state != State::Pending)
        && !ran.any(|change| is_over(change.state))
}
