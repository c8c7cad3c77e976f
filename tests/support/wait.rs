//! Waiting for a condition rather than for a time.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::project::{Db, Project};

/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// When a test gives up: long enough for a busy machine.
const LIMIT: Duration = Duration::from_mins(1);

/// Waits until the condition holds; fails the test if it never does.
pub fn until(what: &str, done: impl Fn() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !done() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        sleep(LOOK);
    }
}

/// As [`until`], inside a runtime.
pub async fn until_async(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !done().await {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        tokio::time::sleep(LOOK).await;
    }
}

/// Waits until a command that was killed has left the database: a server rolls back for a client
/// that has died, which takes it a moment.
pub fn until_gone(project: &Project) {
    let sessions = match project.db {
        Db::Sqlite => return,
        Db::Postgres => {
            "SELECT CAST(pid AS text) FROM pg_stat_activity \
             WHERE datname = current_database() AND application_name = 'handover'"
        }
        Db::Mariadb => {
            "SELECT CAST(id AS text) FROM information_schema.processlist \
             WHERE db = database() AND id <> connection_id()"
        }
    };
    until("the sessions of the killed process end", || project.query(sessions).is_empty());
}
