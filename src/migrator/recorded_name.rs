//! The column's name as the record of the change has it.

use super::allowed_objects::Note;
use super::context::Context;
use super::stage_error::StageError;
use crate::database::tables;
use crate::model::Identifier;

/// The column's name as the catalog had it: the file may write it in other case.
pub(super) async fn recorded_name(context: &Context<'_>) -> Result<Identifier, StageError> {
    let from = &context.columns().from;
    let note = tables::definition(context.database.connection(), &context.change.name).await?;
    let noted = note.and_then(|note| serde_json::from_str::<Note>(&note).ok()?.name);
    let same = |name: &String| context.dialect().same_column(name, from.as_str());
    let name = noted.filter(same).and_then(|name| Identifier::new(name).ok());
    Ok(name.unwrap_or_else(|| from.clone()))
}
