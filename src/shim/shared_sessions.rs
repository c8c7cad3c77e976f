//! Gives a statement another text in each epoch, where its session may be passed on to others.
//!
//! `SELECT * FROM users` → `SELECT * FROM users` with `/* handover: epoch 3 */` on the next line
//!
//! A proxy such as `PgBouncer` keeps the prepared statements of a session by their text, for all its clients
//! and beyond the end of a process. When the columns have changed, PostgreSQL refuses to run one whose result
//! has other columns now ("cached plan must not change result type"), and no client can prepare the same text
//! anew. The same happens on a connection of the process's own after PostgreSQL has changed the type of a
//! column at once.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::database::{Database, may_share_sessions};

/// Whether a text may have been prepared before the columns were as they are now.
#[derive(Debug, Default)]
pub(super) struct SharedSessions {
    /// True if a proxy may pass the sessions of this process on: until the process knows better.
    shared: AtomicBool,
    /// True if a column has got another type since the process began, without another name.
    types_changed: AtomicBool,
}

impl SharedSessions {
    pub fn of(database: &Database) -> Self {
        Self { shared: AtomicBool::new(may_share_sessions(database)), ..Self::default() }
    }

    /// Sessions that nobody has looked at.
    #[cfg(test)]
    pub fn shared() -> Self {
        Self { shared: AtomicBool::new(true), ..Self::default() }
    }

    /// Notes if the process has its sessions for itself.
    pub fn set_own(&self, own: bool) {
        self.shared.store(!own, Ordering::Relaxed);
    }

    /// Notes that a column has got another type.
    pub fn set_types_changed(&self) {
        self.types_changed.store(true, Ordering::Relaxed);
    }

    /// Returns the text for this epoch; `None` if it need not be another one.
    pub fn text_of_epoch(&self, sql: &str, epoch: u64) -> Option<String> {
        // On a line of its own, since the text may end with a comment.
        let needed =
            self.shared.load(Ordering::Relaxed) || self.types_changed.load(Ordering::Relaxed);
        needed.then(|| format!("{sql}\n/* handover: epoch {epoch} */"))
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
        shared.set_types_changed();
        assert_eq!(text(3).unwrap(), "SELECT 1 -- one\n/* handover: epoch 3 */");
    }
}
