//! Runs plain SQL migrations that follow each other in a plan, without planning again after each.

use super::error::MigrateError;
use super::outcome::{Done, Options};
use super::runner::Migrator;
use crate::fleet;
use crate::plan::{Fleet, Planned};
use crate::releases::Body;

impl Migrator<'_> {
    /// Runs the first migration of a plan, and if that is plain SQL, the plain SQL that follows it.
    ///
    /// A plan follows from the files, the options, the history and the fleet. While this run holds
    /// the lock, nobody else changes the history, and plain SQL changes it only as the plan expects:
    /// the migration is done. (If the lock is lost and another runner has noted that a file is done,
    /// the note that the file begins is refused.) App processes come and go without the lock, so they
    /// are loaded before each file; if they are the same as before, the plan would be the same.
    /// Loading the rest as well would take longer than most files do.
    ///
    /// Stages and functions end such a run: they change the facts that gates check.
    pub(super) async fn run_ahead(
        &self,
        plan: &[Planned],
        fleet: &Fleet,
        options: &Options,
        done: &mut Vec<Done>,
    ) -> Result<(), MigrateError> {
        for (at, next) in plan.iter().enumerate() {
            if at > 0 && !(is_plain(next) && self.has_fleet(fleet).await?) {
                break;
            }
            done.push(self.run_one(next, options).await?);
            if !is_plain(next) {
                break;
            }
        }
        Ok(())
    }

    async fn has_fleet(&self, fleet: &Fleet) -> Result<bool, MigrateError> {
        let (connection, dialect) = (self.database.connection(), self.database.dialect());
        Ok(fleet::load(connection, dialect).await? == *fleet)
    }
}

/// Returns true if a migration changes nothing that the plan depends on. SQL that names handover's
/// own tables may.
fn is_plain(planned: &Planned) -> bool {
    match &planned.migration.body {
        Body::Sql { text } => planned.after.is_none() && !text.contains("handover_"),
        _ => false,
    }
}
