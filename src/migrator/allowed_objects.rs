//! The objects of the database that stand in the way of a change, without those that the user has
//! looked at and allowed.

use serde::Deserialize;

use super::context::{Context, Lock};
use super::event::Event;
use super::stage_error::StageError;
use crate::database::catalog::uses::{self, Object, Problem, Use};
use crate::database::tables;
use crate::plan::{APPS, Obstacle, PURGE, SESSIONS};

/// What every kind of change notes in its record.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Note {
    /// The schema of the table: without it, the name may mean another table in another session.
    pub schema: Option<String>,
    /// The objects that the user has allowed.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// The column's name as the catalog had it: the file may write it in other case. Only of a rename
    /// in place.
    pub name: Option<String>,
}

/// The objects that the user has declared to be no obstacle, in this run or an earlier one.
pub(super) async fn declared(context: &Context<'_>) -> Result<Vec<String>, StageError> {
    let (connection, dialect) = (context.database.connection(), context.dialect());
    let mut all = [context.allowed, &context.settings.allow].concat();
    if tables::exist(connection, dialect).await? {
        let note = tables::definition(connection, &context.change.name).await?;
        let noted = note.and_then(|note| serde_json::from_str::<Note>(&note).ok());
        all.extend(noted.into_iter().flat_map(|noted| noted.allowed));
    }
    Ok(all)
}

/// Records what the user allows in this run, so that later stages and the way back do not ask again.
pub(super) async fn record(context: &Context<'_>) -> Result<(), StageError> {
    let connection = context.database.connection();
    let Some(note) = tables::definition(connection, &context.change.name).await? else {
        return Ok(());
    };
    let mut note: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&note)?;
    let noted = note.get("allowed").cloned().unwrap_or_else(|| serde_json::json!([]));
    let mut allowed: Vec<String> = serde_json::from_value(noted)?;
    let new: Vec<String> = context
        .allowed
        .iter()
        .filter(|given| !is_word(given) && !allowed.contains(given))
        .cloned()
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    allowed.extend(new);
    note.insert("allowed".to_owned(), serde_json::json!(allowed));
    let note = serde_json::to_string(&note)?;
    context
        .transaction(Lock::Rows, async |transaction| {
            Ok(tables::renew_definition(transaction, &context.change.name, &note).await?)
        })
        .await
}

/// The name by which the user allows statements that name a column which is dropped.
pub(super) const STATEMENTS: &str = "statements";

/// Returns true if the user allows something that is no object of the database.
fn is_word(given: &str) -> bool {
    [STATEMENTS, PURGE, SESSIONS, APPS].contains(&given)
}

/// Makes an obstacle of each object that is broken, so that SQLite renames no column: allowing it would
/// not help.
pub(super) fn broken(uses: &[Use]) -> Vec<Obstacle> {
    let is_broken = |one: &&Use| matches!(one.problem, Problem::Broken { .. });
    uses.iter().filter(is_broken).map(|one| Obstacle::hard(one.to_string())).collect()
}

/// Makes an obstacle of each object that is not allowed. `found` has each object with what it does,
/// in words; an object that does several things becomes one obstacle.
pub(super) fn obstacles(
    context: &Context<'_>,
    found: &[(Object, String)],
    declared: &[String],
) -> Vec<Obstacle> {
    let objects: Vec<&Object> = found.iter().map(|(object, _)| object).collect();
    let is_allowed = |object: &Object| {
        let mut given = declared.iter().filter(|given| !is_word(given));
        given.any(|given| uses::find(given, &objects).is_ok_and(|meant| meant == object))
    };
    let mut obstacles: Vec<Obstacle> = Vec::new();
    for (object, what) in found.iter().filter(|(object, _)| !is_allowed(object)) {
        let key = object.key();
        match obstacles.iter_mut().find(|own| own.allow.as_ref() == Some(&key)) {
            Some(own) if own.what.contains(what.as_str()) => {}
            Some(own) => own.what = format!("{}, and {what}", own.what),
            None => obstacles.push(Obstacle { what: what.clone(), allow: Some(key) }),
        }
    }
    if !obstacles.is_empty() {
        // The user may have misspelt one.
        let given = context.allowed.iter().filter(|given| !is_word(given));
        let given = given.filter_map(|given| uses::find(given, &objects).err());
        for error in given {
            let what = format!("--allow had no effect on `{}`: {error}", context.change.name);
            context.observer.event(Event::Warning { what });
        }
    }
    obstacles
}
