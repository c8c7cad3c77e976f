//! Waits until every process understands a format of handover's tables, and so the states of a change.

use super::context::Context;
use super::event::Event;
use super::stage_error::StageError;
use crate::database::tables;
use crate::fleet::{self, Patience, Waited};
use crate::model::Instance;

/// Waits until every process understands this format of handover's tables. A process that does not
/// could not read the state of any change.
pub(super) async fn wait_until_understood(
    context: &Context<'_>,
    format: i64,
) -> Result<(), StageError> {
    let (connection, dialect) = (context.database.connection(), context.dialect());
    tables::add_reads_format(connection, dialect).await?;
    let waiting = |instances: &[Instance]| {
        context
            .observer
            .event(Event::Waiting { instances: instances.to_vec(), sessions: Vec::new() });
    };
    let patience = Patience { limit: context.patience, waiting: &waiting };
    match fleet::until_understood(context.database, format, patience).await? {
        Waited::Ready => Ok(()),
        Waited::Behind(waiting) => Err(StageError::Outdated { waiting }),
    }
}
