//! The background task that refreshes the mapping and the lease.

use std::sync::Arc;
use std::time::Duration;

use super::lease::{LOOK_TIMEOUT, Lease};
use super::registration::FREQUENT_FOR;
use super::snapshot::Drained;
use crate::database::{Announcements, may_share_sessions};

/// The pause before the first retry to listen; each further pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between two retries.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

impl Lease {
    /// Follows the state of the database until the lease is told to stop.
    pub async fn refresh_until_stopped(self: Arc<Self>, announcements: Option<Announcements>) {
        tokio::select! {
            () = self.refresh_loop() => {}
            () = self.listen(announcements) => {}
        }
    }

    /// Begins to listen before the app sends its first statement: the text of a statement is another one if
    /// sessions may be shared.
    pub async fn listen_at_start(&self) -> Option<Announcements> {
        let listening = Announcements::listen(&self.database);
        let announcements = tokio::time::timeout(LOOK_TIMEOUT, listening).await.ok()?.ok()??;
        self.process.sessions.set_own(true);
        Some(announcements)
    }

    /// Refreshes at intervals, after each announcement, and when there may be an epoch to
    /// acknowledge. A refresh that fails is repeated. If the lease runs out meanwhile, statements
    /// wait for a refresh that succeeds.
    async fn refresh_loop(&self) {
        loop {
            let (pause, draining) = self.next_refresh().await;
            tokio::select! {
                () = self.stop.notified() => return,
                () = self.wake.notified() => {}
                () = wait_until_dropped(draining) => {}
                () = tokio::time::sleep(pause) => {}
            }
            if let Err(error) = self.refresh().await {
                tracing::warn!(%error, "the lease could not be renewed; trying again");
            }
        }
    }

    /// Wakes the refresh loop at each announcement. A database without announcements needs none,
    /// since the loop also refreshes at intervals.
    async fn listen(&self, mut announcements: Option<Announcements>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let listening = match announcements.take() {
                Some(announcements) => Ok(Some(announcements)),
                None => Announcements::listen(&self.database).await,
            };
            let error = match listening {
                Ok(None) => {
                    self.process.sessions.set_own(!may_share_sessions(&self.database));
                    std::future::pending().await
                }
                Ok(Some(mut announcements)) => {
                    self.process.sessions.set_own(true);
                    pause = FIRST_PAUSE;
                    loop {
                        // Also before the first announcement: an earlier one may have been missed.
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
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Returns the pause before the next refresh, and the earlier mapping whose end makes a refresh
    /// due before that.
    pub(super) async fn next_refresh(&self) -> (Duration, Option<Drained>) {
        let registration = self.registration.lock().await;
        let frequent = registration.adopted.is_some_and(|at| at.elapsed() < FREQUENT_FOR);
        let pause = if frequent { self.refresh_interval / 5 } else { self.refresh_interval };
        (pause, registration.draining.first().map(|(_, drained)| drained.clone()))
    }
}

/// Waits until the snapshot has been dropped; for ever if there is none.
async fn wait_until_dropped(draining: Option<Drained>) {
    match draining {
        // The channel never carries a value; it only closes.
        Some(mut draining) => drop(draining.changed().await),
        None => std::future::pending().await,
    }
}
