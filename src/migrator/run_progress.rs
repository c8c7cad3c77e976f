//! What a run has done, and what it last saw: it may wait while others work on the database.

use super::history::Status;
use super::outcome::{Done, Outcome};
use crate::model::{MigrationRecord, MigrationStatus};
use crate::plan::{Later, Plan, Refusal};

/// What a run has done so far.
#[derive(Default)]
pub(super) struct Progress {
    pub has_begun: bool,
    /// True if the database was empty when the run began.
    pub began_empty: bool,
    pub done: Vec<Done>,
    /// The migrations that had begun when the run last had the lock.
    pub seen: Vec<MigrationRecord>,
    /// True if waiting does not help.
    pub is_over: bool,
}

impl Progress {
    /// Returns true if somebody has undone a migration since, or is about to: running it again is not what this
    /// run was asked for.
    pub fn is_undone_in(&self, status: &Status) -> bool {
        let is_there = |own: &MigrationRecord| {
            status.migrations.iter().any(|now| {
                (now.id, now.started_at) == (own.id, own.started_at)
                    && (now.status != MigrationStatus::Undoing || own.status == now.status)
            })
        };
        !self.seen.iter().all(is_there)
    }

    /// The outcome of a run that ends with this refusal.
    pub fn refused(self, refusal: Refusal, later: Vec<Later>) -> Outcome {
        Outcome { done: self.done, refused: vec![refusal], later }
    }

    /// The outcome, with what the last plan refuses.
    pub fn outcome(self, plan: Plan) -> Outcome {
        let Plan { refused, later, .. } = plan;
        Outcome { done: self.done, refused, later }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::sample::{done, history};
    use crate::releases::sample::rename;

    /// An operator rolls back while a run waits: the run must not do the same again.
    #[test]
    fn what_is_undone_while_a_run_waits_is_noticed() {
        let files = rename(10, "users.username", "handle", ["9.0.0", "9.0.0", "9.0.1"]);
        let records = history(&[done(&files[0], "9.0.0"), done(&files[1], "9.0.0")]).migrations;
        let progress = Progress { seen: records.clone(), ..Progress::default() };
        let undone = |change: &dyn Fn(&mut Vec<MigrationRecord>)| {
            let mut migrations = records.clone();
            change(&mut migrations);
            let mut status = Status::default();
            status.migrations = migrations;
            progress.is_undone_in(&status)
        };
        assert!(!undone(&|_| {}));
        // Somebody else goes on.
        assert!(!undone(&|now| now.push(MigrationRecord {
            id: 12,
            run_order: 3,
            ..now[1].clone()
        })));
        assert!(undone(&|now| now.truncate(1)));
        assert!(undone(&|now| now[1].status = MigrationStatus::Undoing));
        // It was undone, and has been run again.
        assert!(undone(&|now| now[1].started_at = 3));
    }
}
