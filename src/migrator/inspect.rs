//! What the stages of a plan would refuse on their first look at the database.

use std::collections::HashSet;
use std::time::Duration;

use super::error::{MigrateError, failed, refusal};
use super::outcome::Options;
use super::rename;
use super::runner::Migrator;
use crate::model::ChangeKind;
use crate::plan::{Later, Plan, Reason};
use crate::releases::Body;

impl Migrator<'_> {
    /// The plan without the stages that would refuse to begin, and with their refusals. Changes
    /// nothing.
    ///
    /// A stage that comes after plain SQL or a function is not looked at: they may change what it
    /// finds.
    ///
    /// # Errors
    /// The database fails.
    pub async fn inspect(&self, plan: Plan, options: &Options) -> Result<Plan, MigrateError> {
        let Plan { run, mut refused, mut later } = plan;
        let (mut kept, mut seen, mut obstructed) = (Vec::new(), HashSet::new(), HashSet::new());
        let (mut other, mut release) = (false, None);
        for planned in run {
            let migration = &planned.migration;
            let blocked = match migration.stage() {
                Some(_) => obstructed.contains(&migration.slug),
                None => release.as_ref().is_some_and(|refused| *refused < planned.release.gating()),
            };
            if blocked {
                later.push(Later::of(migration, Reason::Blocked));
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
                let looked = match &change.kind {
                    ChangeKind::Rename(_) => rename::inspect(&context).await,
                };
                if let Err(source) = looked {
                    refused.push(refusal(failed(change, *stage, &planned.release, source))?);
                    obstructed.insert(migration.slug.clone());
                    release.get_or_insert_with(|| planned.release.gating());
                    later.push(Later::of(migration, Reason::Blocked));
                    continue;
                }
            }
            kept.push(planned);
        }
        Ok(Plan { run: kept, refused, later })
    }
}
