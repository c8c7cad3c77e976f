//! Gives a statement another text in each epoch, where its session may be passed on to others.
//!
//! `SELECT * FROM users` → `SELECT * FROM users` with `/* handover: epoch 3 */` on the next line
//!
//! A proxy such as `PgBouncer` keeps the prepared statements of a session by their text, for all its clients
//! and beyond the end of a process. When the columns have changed, PostgreSQL refuses to run one whose result
//! has other columns now ("cached plan must not change result type"), and no client can prepare the same text
//! anew.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::database::{Database, may_share_sessions};

/// Whether a proxy may pass the sessions of this process on: true until the process knows better.
#[derive(Debug, Default)]
pub(super) struct SharedSessions(AtomicBool);

impl SharedSessions {
    pub fn of(database: &Database) -> Self {
        Self(AtomicBool::new(may_share_sessions(database)))
    }

    /// Sessions that nobody has looked at.
    #[cfg(test)]
    pub fn shared() -> Self {
        Self(AtomicBool::new(true))
    }

    /// Notes if the process has its sessions for itself.
    pub fn set_own(&self, own: bool) {
        self.0.store(!own, Ordering::Relaxed);
    }

    /// Returns the text for this epoch; `None` if it need not be another one.
    pub fn text_of_epoch(&self, sql: &str, epoch: u64) -> Option<String> {
        // On a line of its own, since the text may end with a comment.
        self.0.load(Ordering::Relaxed).then(|| format!("{sql}\n/* handover: epoch {epoch} */"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_another_one_in_each_epoch_until_the_sessions_are_known_to_be_own() {
        let shared = SharedSessions::shared();
        let text = |epoch| shared.text_of_epoch("SELECT 1 -- one", epoch);
        assert_eq!(text(3).unwrap(), "SELECT 1 -- one\n/* handover: epoch 3 */");
        assert_ne!(text(3), text(4));
        shared.set_own(true);
        assert_eq!(text(3), None);
    }
}
