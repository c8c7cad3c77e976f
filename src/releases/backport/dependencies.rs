//! The tables and columns that a migration needs before it can move to an older line.

use super::BackportError;
use crate::model::{Release, Stage};
use crate::releases::statements::{self, Part};
use crate::releases::{Body, Migration};

/// Refuses a migration that needs a table or column which only a later release creates. A table
/// that no migration creates was there before the first one.
pub(super) fn check(
    moving: &[(&Migration, Release)],
    migrations: &[Migration],
    to: &Release,
) -> Result<(), BackportError> {
    let is_moving = |other: &Migration| moving.iter().any(|(moved, _)| moved.id == other.id);
    let needed: Vec<Part> = moving.iter().flat_map(|(migration, _)| needs(migration)).collect();
    // A table that an earlier release creates may be created again later, if it is missing.
    let (there, later): (Vec<_>, Vec<_>) = migrations
        .iter()
        .filter(|other| !is_moving(other))
        .partition(|other| other.release.as_ref().is_some_and(|release| to.has_reached(release)));
    let there: Vec<Part> = there.into_iter().flat_map(makes).collect();
    for migration in later {
        let made = makes(migration);
        let lacking = needed.iter().find_map(|part| {
            let table = Part { table: part.table.clone(), column: None };
            [table, part.clone()].into_iter().find(|part| made.contains(part))
        });
        if let Some(part) = lacking.filter(|part| !there.contains(part)) {
            return Err(BackportError::Lacks {
                to: to.clone(),
                table: part.table,
                column: part.column,
                path: migration.path.clone(),
                release: migration.release.clone(),
            });
        }
    }
    Ok(())
}

fn needs(migration: &Migration) -> Vec<Part> {
    match &migration.body {
        Body::Stage { change, .. } => {
            let rename = change.columns();
            vec![Part::new(rename.table.name.as_str(), Some(rename.from.as_str()))]
        }
        Body::Sql { text } => statements::read(text)
            .map(|statements| statements::needs(&statements))
            .unwrap_or_default(),
        Body::Unparsed { .. } | Body::Rust | Body::Orm => Vec::new(),
    }
}

fn makes(migration: &Migration) -> Vec<Part> {
    match &migration.body {
        Body::Stage { change, stage: Stage::Expand } => {
            let rename = change.columns();
            vec![Part::new(rename.table.name.as_str(), Some(rename.to.as_str()))]
        }
        Body::Sql { text } => statements::read(text)
            .map(|statements| statements::makes(&statements))
            .unwrap_or_default(),
        Body::Stage { .. } | Body::Unparsed { .. } | Body::Rust | Body::Orm => Vec::new(),
    }
}
