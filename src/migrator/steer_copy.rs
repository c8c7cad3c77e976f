//! Steering a copy from another process, while it runs or before: pause, resume, tune.

use std::time::Duration;

use super::error::MigrateError;
use super::history::Status;
use crate::database::Database;
use crate::database::tables::{self, Control};
use crate::model::{ChangeRecord, State};

/// A request to a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Steer {
    /// Wait between two batches.
    Pause,
    /// Go on.
    Resume,
    /// Go on in another way; a value that is `None` stays as it is.
    Tune {
        /// The maximum number of rows in one batch.
        batch_size: Option<u32>,
        /// The pause between two batches.
        pause: Option<Duration>,
        /// The number of parallel batches.
        workers: Option<u32>,
    },
}

/// Sends a request to the copy of a change, or to the only copy. It holds until that copy is finished,
/// in whichever run. Returns the change, and all requests to its copy.
///
/// # Errors
/// There is no such copy, there are several and none was named, or the database fails.
pub async fn steer(
    database: &Database,
    status: &Status,
    change: Option<&str>,
    steer: Steer,
) -> Result<(ChangeRecord, Control), MigrateError> {
    let (connection, dialect) = (database.connection(), database.dialect());
    let seen = chosen(status, change)?;
    tables::add_control(connection, dialect).await?;
    let mut control = tables::control(connection, &seen.name).await?;
    match steer {
        Steer::Pause => control.paused = true,
        Steer::Resume => control.paused = false,
        Steer::Tune { batch_size, pause, workers } => {
            let pause_ms = pause.and_then(|pause| u64::try_from(pause.as_millis()).ok());
            control.batch_size = batch_size.or(control.batch_size);
            control.pause_ms = pause_ms.or(control.pause_ms);
            control.workers = workers.or(control.workers);
        }
    }
    if tables::set_control(connection, dialect, seen, control).await? {
        Ok((seen.clone(), control))
    } else {
        Err(MigrateError::NoCopy { change: Some(seen.name.to_string()) })
    }
}

/// The change whose copy is steered: one that copies, was interrupted in it, or copies next.
fn chosen<'s>(status: &'s Status, change: Option<&str>) -> Result<&'s ChangeRecord, MigrateError> {
    let copies = status.changes.iter().enumerate().filter(|(at, row)| {
        row.state == State::DualWrite || status.backfills.get(*at).is_some_and(Option::is_some)
    });
    let mut copies = copies.map(|(_, row)| row);
    if let Some(name) = change {
        let named = copies.find(|row| row.name.as_str() == name);
        return named.ok_or_else(|| MigrateError::NoCopy { change: Some(name.to_owned()) });
    }
    let first = copies.next().ok_or(MigrateError::NoCopy { change: None })?;
    let others: Vec<_> = copies.map(|row| row.name.clone()).collect();
    if others.is_empty() {
        return Ok(first);
    }
    let changes = std::iter::once(first.name.clone()).chain(others).collect();
    Err(MigrateError::SeveralCopies { changes })
}
