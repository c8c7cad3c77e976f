//! The background task: when to look at the database.

use std::sync::Arc;
use std::time::Duration;

use super::lease::Lease;
use super::snapshot::Drained;
use crate::database::Announcements;

/// How long after a failure it is tried again to listen; each time twice as long.
const AFTER: Duration = Duration::from_secs(1);

/// The longest of these pauses.
const AT_MOST: Duration = Duration::from_mins(1);

impl Lease {
    /// Keeps up with the database until it is told to stop.
    pub async fn keep(self: Arc<Self>) {
        tokio::select! {
            () = self.look_again_and_again() => {}
            () = self.listen() => {}
        }
    }

    /// Looks now and then, when something was announced, and when there may be something to
    /// acknowledge. A look that fails is repeated; when the lease runs out meanwhile, statements
    /// wait for one that succeeds.
    async fn look_again_and_again(&self) {
        loop {
            let (pause, draining) = self.next_look().await;
            tokio::select! {
                () = self.stop.notified() => return,
                () = self.wake.notified() => {}
                () = end(draining) => {}
                () = tokio::time::sleep(pause) => {}
            }
            if let Err(error) = self.refresh().await {
                tracing::warn!(%error, "the lease could not be renewed; trying again");
            }
        }
    }

    /// Has each announcement looked after at once. Without them there is still the look now and
    /// then, so that nothing is wrong where there are none.
    async fn listen(&self) {
        let mut pause = AFTER;
        loop {
            let error = match Announcements::listen(&self.database).await {
                Ok(None) => std::future::pending().await,
                Ok(Some(mut announcements)) => {
                    pause = AFTER;
                    loop {
                        // At first too: something may have been announced before.
                        self.wake.notify_one();
                        if let Err(error) = announcements.next().await {
                            break error;
                        }
                    }
                }
                Err(error) => error,
            };
            tracing::debug!(%error, "new states are not announced to this process; it looks for them");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(AT_MOST);
        }
    }
}

/// The end of a mapping; never that of none.
async fn end(draining: Option<Drained>) {
    match draining {
        // Nothing is ever sent: it closes.
        Some(mut draining) => drop(draining.changed().await),
        None => std::future::pending().await,
    }
}
