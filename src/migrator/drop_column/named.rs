//! The processes that still name the column in a statement.

use super::super::allowed_objects::{self, STATEMENTS};
use super::super::context::Context;
use super::super::stage_error::StageError;
use crate::database::tables;
use crate::model::Instance;
use crate::plan::Obstacle;

/// Refuses while a running process has named the column, or one that ran the same release as a running
/// one: that code may name it again. A statement that does so after the contract fails.
pub(super) async fn check(context: &Context<'_>) -> Result<(), StageError> {
    if allowed_objects::declared(context).await?.iter().any(|given| given == STATEMENTS) {
        return Ok(());
    }
    let (connection, dialect) = (context.database.connection(), context.dialect());
    let instances = tables::instances(connection, dialect).await?;
    let live = || instances.iter().filter(|instance| instance.live);
    let own = &context.seen().await?.app;
    let mut obstacles = Vec::new();
    for one in tables::column_uses(connection, &context.change.name).await? {
        // `a process of 1.2.0`, or `a process of reports at 1.2.0`.
        let of = one.app.as_ref().map(|app| format!("{app} at ")).unwrap_or_default();
        let former = || format!("a process of {of}{}", one.release);
        let is_later = |process: &Instance| process.app == one.app && process.release > one.release;
        let ran = |process: &Instance| (&process.app, &process.release) == (&one.app, &one.release);
        let what = if let Some(process) = live().find(|process| process.id == one.instance) {
            format!("{process} names it: `{}`", one.statement)
        } else if live().any(ran) {
            format!("{} that ran before named it: `{}`", former(), one.statement)
        } else if one.app != *own && !live().any(is_later) {
            // A job of that app may run again.
            format!("{} named it: `{}`", former(), one.statement)
        } else {
            continue;
        };
        obstacles.push(Obstacle { what, allow: Some(STATEMENTS.to_owned()) });
    }
    if obstacles.is_empty() {
        return Ok(());
    }
    let columns = context.declared.columns();
    let (table, column) = (columns.table.clone(), columns.from.clone());
    Err(StageError::StillNamed { table, column, obstacles })
}
