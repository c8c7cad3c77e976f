//! How much of a plan is run before it is made anew.

use super::error::MigrateError;
use super::outcome::{Done, Options};
use super::runner::Migrator;
use crate::fleet;
use crate::plan::{Fleet, Planned};
use crate::releases::Body;

impl Migrator<'_> {
    /// Runs the first migration of a plan, and if that is plain SQL, the plain SQL that follows it.
    ///
    /// A plan follows from the files, what is asked for, the history and the fleet. While this run
    /// holds the lock, nobody else changes the history, and plain SQL changes it only in the way that
    /// the plan has reckoned with: it is done. (Should the lock be lost, the note that a file begins
    /// is refused where another runner has noted that it is done.) Processes of the app come and go
    /// without the lock, so they are looked at before each file, as if the plan were made anew; if
    /// they are the same as before, so would be the plan. To look at the rest as well costs more than
    /// most files do.
    ///
    /// Stages and functions end such a run: they change what gates ask for.
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

/// Whether a migration changes nothing that the plan is made of. One that names handover's own
/// tables may.
fn is_plain(planned: &Planned) -> bool {
    match &planned.migration.body {
        Body::Sql { text } => planned.after.is_none() && !text.contains("handover_"),
        _ => false,
    }
}
