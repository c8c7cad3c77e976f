//! The moments at which the app may meet the open changes, and databases at each of them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::Course;
use super::course::Halt;
use crate::migrator::error::MigrateError;
use crate::migrator::history::Status;
use crate::model::{Release, Stage, State};

/// A moment in the life of the open changes: between two changes of state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The release that the migrations then run for.
    pub version: Release,
    /// The state of each open change, by its name.
    pub states: BTreeMap<String, State>,
    /// The number of stops of the course before it.
    halts: usize,
}

impl Course<'_> {
    /// Runs the whole course in an empty database. Returns every moment at which the app may meet the
    /// open changes, with the moment before all of them. A change is open unless the dump of the course
    /// contains it, or its contract is of a release before the app's.
    ///
    /// # Errors
    /// A migration fails or is refused.
    pub async fn moments(&self, url: &str) -> Result<Vec<Moment>, MigrateError> {
        let mut states = self.open();
        let first = Moment { version: self.version.clone(), states: states.clone(), halts: 0 };
        let (mut moments, mut halts) = (vec![first], 0);
        self.begin(url).await?;
        self.walk(url, async |halt: &Halt, status: &Status| {
            halts += 1;
            for change in &status.changes {
                if let Some(state) = states.get_mut(change.name.as_str()) {
                    *state = change.state;
                }
            }
            let moment = Moment { version: halt.version.clone(), states: states.clone(), halts };
            let only = moments.len() == 1;
            match moments.last_mut() {
                // The first moment is after everything that comes before the open changes.
                Some(last) if last.states == moment.states && only => last.halts = halts,
                Some(last) if last.states == moment.states => {}
                Some(first) if only => {
                    first.version = halt.version.clone();
                    moments.push(moment);
                }
                _ => moments.push(moment),
            }
            Ok::<_, MigrateError>(ControlFlow::Continue(()))
        })
        .await?;
        Ok(moments)
    }

    /// Brings an empty database to a moment.
    ///
    /// # Errors
    /// A migration fails or is refused.
    pub async fn bring(&self, url: &str, moment: &Moment) -> Result<(), MigrateError> {
        self.begin(url).await?;
        if moment.halts == 0 {
            return Ok(());
        }
        let mut halts = 0;
        self.walk(url, async |_: &Halt, _: &Status| {
            halts += 1;
            Ok::<_, MigrateError>(if halts == moment.halts {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        })
        .await
    }

    fn open(&self) -> BTreeMap<String, State> {
        let contained = self.contained();
        let before = |release: &Release| release.gating() < self.version.gating();
        let files = self.releases.files().iter();
        let contracts = files.filter(|file| file.kind.stage() == Some(Stage::Contract));
        contracts
            .filter(|file| {
                !contained.contains(&file.id) && !file.release.as_ref().is_some_and(before)
            })
            .map(|file| (file.slug.clone(), State::Pending))
            .collect()
    }
}
