//! Inspects a plan: the refusals of its stages on their first look at the database.

use std::collections::HashSet;
use std::time::Duration;

use super::compare_ways::compare_ways;
use super::error::{MigrateError, failed, refusal};
use super::kinds;
use super::outcome::Options;
use super::runner::Migrator;
use super::stage_error::StageError;
use crate::model::{Change, Stage};
use crate::plan::{Later, Plan, Reason};
use crate::releases::Body;

impl Migrator<'_> {
    /// Returns the plan without the stages that would refuse to begin, with their refusals, and notes
    /// on the other stages. Changes nothing.
    ///
    /// A stage after plain SQL or a function is not inspected: they may change the facts that it
    /// depends on.
    ///
    /// # Errors
    /// The database fails.
    pub async fn inspect(
        &self,
        plan: Plan,
        options: &Options,
    ) -> Result<(Plan, Vec<String>), MigrateError> {
        let Plan { run, mut refused, later } = plan;
        let mut waiting = Vec::new();
        let (mut kept, mut seen, mut obstructed) = (Vec::new(), HashSet::new(), HashSet::new());
        let (mut other, mut release, mut notes) = (false, None, Vec::new());
        for planned in run {
            let migration = &planned.migration;
            let blocked = match migration.stage() {
                Some(_) => obstructed.contains(&migration.slug),
                None => release.as_ref().is_some_and(|refused| *refused < planned.release.gating()),
            };
            if blocked {
                waiting.push(Later::of(migration, Reason::Blocked));
                continue;
            }
            other |= migration.stage().is_none();
            let first = seen.insert(migration.slug.clone());
            if let Body::Stage { change, stage } = &migration.body
                && first
                && !other
            {
                let context = self.context(change, *stage, options.offline, Duration::ZERO);
                let context = context.await?.allowing(&options.allowed);
                match kinds::inspect(&context).await {
                    Ok(found) => {
                        notes.extend(found);
                        if !planned.resumed {
                            let compared = compare_ways(&context).await;
                            let wrap = |source| failed(change, *stage, &planned.release, source);
                            notes.extend(compared.map_err(wrap)?);
                        }
                    }
                    Err(source) => {
                        let error = failed(change, *stage, &planned.release, source);
                        refused.push(refusal(error)?);
                        obstructed.insert(migration.slug.clone());
                        release.get_or_insert_with(|| planned.release.gating());
                        continue;
                    }
                }
            }
            kept.push(planned);
        }
        // They come before what would not have run now in any case.
        waiting.extend(later);
        Ok((Plan { run: kept, refused, later: waiting }, notes))
    }

    /// Looks at what a change that has just been generated would meet on this database, and returns it
    /// in words: what refuses it, and what each way would cost. Changes nothing.
    ///
    /// # Errors
    /// The database fails.
    pub async fn look_ahead(&self, change: &Change) -> Result<Vec<String>, MigrateError> {
        let context = self.context(change, Stage::Expand, false, Duration::ZERO).await?;
        match kinds::inspect(&context).await {
            Ok(notes) => {
                let compared = compare_ways(&context).await;
                let compared = compared.or_else(|error| match error {
                    StageError::Database(error) => Err(error),
                    other => Ok(vec![other.to_string()]),
                });
                Ok([notes, compared?].concat())
            }
            Err(StageError::Database(error)) => Err(error.into()),
            Err(error) => {
                Ok(vec![format!("`handover db migrate` would refuse it: {error}"), error.hint()])
            }
        }
    }
}
