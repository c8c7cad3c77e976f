//! What expand notes of the column in the record of the change.

use serde::{Deserialize, Serialize};

use super::super::context::Context;
use super::super::stage_error::StageError;
use crate::database::catalog::Column;
use crate::database::{RemovedNotNull, tables};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Note {
    /// The schema of the table: without it, the name may mean another table in another session.
    pub schema: Option<String>,
    /// The objects that the user has allowed.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// The column's name as the catalog had it: the file may write it in other case.
    pub name: Option<String>,
    /// The column as it was while it refused NULL; `None` if that has not been changed.
    #[serde(default)]
    pub relaxed: Option<Relaxed>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Relaxed {
    /// The column as it was.
    pub column: Column,
    /// The part of the table's definition that was removed (SQLite).
    pub removed: Option<RemovedNotNull>,
}

/// Reads the note; an empty one if there is none.
pub(super) async fn read(context: &Context<'_>) -> Result<Note, StageError> {
    let note = tables::definition(context.database.connection(), &context.change.name).await?;
    Ok(note.map(|note| serde_json::from_str(&note)).transpose()?.unwrap_or_default())
}
