//! A trigger or rule of the app: when it runs, and on which statements.

use std::fmt;

use super::object::Object;
use crate::database::Dialect;

/// The prefix of the name of each trigger of a guard.
pub(super) const GUARD: &str = "zzz_handover_guard_";

/// The time at which a trigger runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// Before the row or the statement.
    Before,
    /// After it.
    After,
    /// In its place: an `INSTEAD` trigger or rule.
    Instead,
}

/// The statement that a trigger runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// INSERT.
    Insert,
    /// UPDATE.
    Update,
    /// DELETE.
    Delete,
    /// TRUNCATE.
    Truncate,
}

/// The sessions in which a trigger runs (PostgreSQL); on other databases always those of
/// [`Enabled::Origin`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enabled {
    /// Sessions in which `session_replication_role` is not `replica`.
    Origin,
    /// Only sessions in which it is `replica`.
    Replica,
    /// All sessions.
    Always,
    /// No session.
    Disabled,
}

/// A trigger or a rule of the application on the table itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppTrigger {
    /// The trigger or rule.
    pub object: Object,
    /// The time at which it runs.
    pub timing: Timing,
    /// The statements that it runs on.
    pub events: Vec<Event>,
    /// The columns of `UPDATE OF`; empty if it runs on every update.
    pub columns: Vec<String>,
    /// The sessions in which it runs.
    pub enabled: Enabled,
}

impl AppTrigger {
    /// Returns true if `UPDATE … SET column = …` runs it, in a session that applies changes as a
    /// replica (`as_replica`) or in any other. Ignores its `WHEN` condition.
    #[must_use]
    pub fn runs_on_update_of(&self, dialect: Dialect, column: &str, as_replica: bool) -> bool {
        let in_session = match self.enabled {
            Enabled::Always => true,
            Enabled::Origin => !as_replica,
            Enabled::Replica => as_replica,
            Enabled::Disabled => false,
        };
        let on_column = self.columns.is_empty()
            || self.columns.iter().any(|own| dialect.same_column(own, column));
        in_session && on_column && self.events.contains(&Event::Update)
    }
}

impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Before => "BEFORE",
            Self::After => "AFTER",
            Self::Instead => "INSTEAD OF",
        })
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Truncate => "TRUNCATE",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::object::Kind;
    use super::*;

    #[test]
    fn a_trigger_runs_by_its_events_columns_and_session() {
        let trigger = |events: &[Event], columns: &[&str], enabled| AppTrigger {
            object: Object::on(Kind::Trigger, None, "users", "t"),
            timing: Timing::Before,
            events: events.to_vec(),
            columns: columns.iter().map(|&name| name.to_owned()).collect(),
            enabled,
        };
        let on = [Event::Insert, Event::Update];
        for (trigger, usual, as_replica) in [
            (trigger(&on, &[], Enabled::Origin), true, false),
            (trigger(&on, &[], Enabled::Always), true, true),
            (trigger(&on, &[], Enabled::Replica), false, true),
            (trigger(&on, &[], Enabled::Disabled), false, false),
            (trigger(&on, &["a", "HANDLE"], Enabled::Origin), true, false),
            (trigger(&on, &["a"], Enabled::Always), false, false),
            (trigger(&[Event::Insert, Event::Delete], &[], Enabled::Always), false, false),
        ] {
            let runs = |replica| trigger.runs_on_update_of(Dialect::Sqlite, "handle", replica);
            assert_eq!((runs(false), runs(true)), (usual, as_replica), "{trigger:?}");
        }
    }
}
