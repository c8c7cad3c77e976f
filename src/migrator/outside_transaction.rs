//! Statements of PostgreSQL that cannot run in a transaction, and may have to wait for others.

use std::time::Duration;

use sea_orm::DbErr;

use super::blocker::awaited_by_build;
use super::context::{Context, Lock};
use super::event::Event;
use super::stage_error::StageError;
use crate::database::run_alone;

/// The time between two looks at the sessions that the statement waits for.
const LOOK: Duration = Duration::from_secs(1);

impl Context<'_> {
    /// Runs such a statement. It waits for as long as other transactions make it wait, and meanwhile
    /// holds up nobody; the observer is told the sessions that it waits for.
    pub(super) async fn alone(&self, sql: &str) -> Result<(), StageError> {
        if self.undoing.is_some() {
            self.transaction(Lock::Rows, async |_| Ok(())).await?;
        }
        let run = std::pin::pin!(run_alone(self.database, sql));
        let tell = std::pin::pin!(self.tell_who_is_awaited());
        match futures_util::future::select(run, tell).await {
            futures_util::future::Either::Left((ran, _)) => Ok(ran?),
            futures_util::future::Either::Right((never, _)) => match never {},
        }
    }

    async fn tell_who_is_awaited(&self) -> std::convert::Infallible {
        loop {
            tokio::time::sleep(LOOK).await;
            let table = &self.columns().table;
            let awaited: Result<_, DbErr> =
                awaited_by_build(self.database.connection(), self.dialect(), table).await;
            match awaited {
                Ok(by) if !by.is_empty() => self.observer.event(Event::Blocked { by }),
                Ok(_) => {}
                Err(error) => tracing::debug!(%error, "who is waited for is not known"),
            }
        }
    }
}
