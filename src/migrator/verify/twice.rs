//! Checks that each stage may run twice, on scratch databases.

use std::ops::ControlFlow;

use crate::database::tables;
use crate::database::{Access, Database, Scratch, contents, dump};
use crate::migrator::error::{MigrateError, TrialError};
use crate::migrator::history::Status;
use crate::migrator::schema::SchemaError;
use crate::migrator::trial::{Course, Halt};
use crate::model::{MigrationRecord, MigrationStatus, Release, Stage};

/// The result of running a migration again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twice {
    /// Its release.
    pub release: Release,
    /// Its change or name.
    pub name: String,
    /// The stage; `None` for plain SQL, which shares a transaction with the note that it ran, and so
    /// never runs twice.
    pub stage: Option<Stage>,
    /// The first line of the result that differs: when it runs once, and when it runs again.
    pub differs: Option<(String, String)>,
}

/// Runs the migrations on two scratch databases, on the server of the database at `beside`. On one they
/// run straight through. On the other, each stage is interrupted before each of its steps and begun
/// again from its start, and once more when it is finished, as after a crash just before the note of
/// that. Compares schema and rows after each stage.
///
/// # Errors
/// A migration fails, the first time or a later one, or the database or its program for dumps fails.
pub async fn run_twice(course: &Course<'_>, beside: &str) -> Result<Vec<Twice>, MigrateError> {
    let mut straight = Vec::new();
    on_scratch(course, beside, async |halt: &Halt, _: &Status, url: &str| {
        if halt.stage.is_some() {
            straight.push(everything(url, None).await?);
        }
        Ok(())
    })
    .await?;
    let (mut once, mut again) = (straight.into_iter(), None);
    let mut found = Vec::new();
    let course = Course { interrupted: true, ..*course };
    on_scratch(&course, beside, async |halt: &Halt, status: &Status, url: &str| {
        let differs = match (halt.stage, again.take()) {
            (None, _) => None,
            (Some(_), None) => {
                let made = everything(url, Some((halt, status))).await?;
                let once = once.next().unwrap_or_default();
                again = Some((difference(&once, &made), once));
                return Ok(());
            }
            (Some(_), Some((differs, once))) => {
                differs.or(difference(&once, &everything(url, None).await?))
            }
        };
        let (release, name) = (halt.version.clone(), halt.name.clone());
        found.push(Twice { release, name, stage: halt.stage, differs });
        Ok(())
    })
    .await?;
    Ok(found)
}

/// Runs the course on a scratch database, and reads the database after each migration.
async fn on_scratch(
    course: &Course<'_>,
    beside: &str,
    mut look: impl AsyncFnMut(&Halt, &Status, &str) -> Result<(), MigrateError>,
) -> Result<(), MigrateError> {
    let scratch = Scratch::create(beside).await.map_err(TrialError::from)?;
    let url = scratch.url();
    let walk = async {
        course.begin(url).await?;
        let visit = async |halt: &Halt, status: &Status| {
            if !halt.halfway {
                look(halt, status, url).await?;
            }
            Ok::<_, MigrateError>(ControlFlow::Continue(()))
        };
        course.walk(url, visit).await
    };
    let walked = walk.await;
    scratch.close().await.map_err(TrialError::from)?;
    walked
}

/// Reads schema and rows as text; then marks the migration that just ran as not finished.
async fn everything(url: &str, again: Option<(&Halt, &Status)>) -> Result<String, MigrateError> {
    let database = Database::connect(url, Access::Write).await.map_err(TrialError::from)?;
    let look = async {
        let schema = dump::schema_with_guards(&database, url).await.map_err(SchemaError::from)?;
        let rows = contents(database.connection(), database.dialect()).await?;
        if let Some((halt, status)) = again {
            let own = |row: &&MigrationRecord| row.slug == halt.name && row.stage == halt.stage;
            if let Some(row) = status.migrations.iter().find(own) {
                let running = MigrationStatus::Running;
                tables::set_status(database.connection(), status.app.as_ref(), row.id, running)
                    .await?;
            }
        }
        Ok(schema + &rows)
    };
    let text = look.await;
    database.close().await;
    text
}

fn difference(before: &str, after: &str) -> Option<(String, String)> {
    let end = || std::iter::once("(nothing)");
    let pairs = before.lines().chain(end()).zip(after.lines().chain(end()));
    pairs
        .into_iter()
        .find(|(before, after)| before != after)
        .map(|(before, after)| (before.to_owned(), after.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_shown() {
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("a\nb\n", "a\nc\n"), pair("b", "c"));
        assert_eq!(difference("a\n", "a\nc\n"), pair("(nothing)", "c"));
        assert_eq!(difference("a\nb\n", "a\n"), pair("b", "(nothing)"));
    }
}
