use std::fmt;

/// What the name of each trigger of a guard begins with.
pub(super) const GUARD: &str = "zzz_handover_guard_";

use super::object::Object;
use crate::database::Dialect;

/// When a trigger runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// Before the row or the statement.
    Before,
    /// After it.
    After,
    /// In its place: a rule that says so.
    Instead,
}

/// On what a trigger runs.
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

/// In which sessions a trigger runs (PostgreSQL); elsewhere always in those of
/// [`Enabled::Origin`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enabled {
    /// In those where `session_replication_role` is not `replica`.
    Origin,
    /// Only in those where it is.
    Replica,
    /// In all.
    Always,
    /// In none.
    Disabled,
}

/// A trigger or a rule of the application on the table itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppTrigger {
    /// Which one.
    pub object: Object,
    /// When it runs.
    pub timing: Timing,
    /// On what.
    pub events: Vec<Event>,
    /// The columns of `UPDATE OF`; empty where every update counts.
    pub columns: Vec<String>,
    /// In which sessions.
    pub enabled: Enabled,
}

impl AppTrigger {
    /// Whether `UPDATE … SET column = …` of rows makes it run, in a session that applies changes as a
    /// replica does or in another. A condition that it has is not looked at.
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
