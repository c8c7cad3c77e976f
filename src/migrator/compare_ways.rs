//! The ways to make one change: what each of them costs on this database, and what refuses it.

use super::context::Context;
use super::stage_error::StageError;
use super::{rename, rename_in_place};
use crate::database::{catalog, tables};
use crate::model::{ChangeKind, ColumnPair, ColumnPath, Stage};
use crate::plan::{Effect, Extent, Impact, Sizes, Traffic};

/// Looks at the other way to make the change of a first stage. `None` if there is no other way.
async fn look_at_other_way(context: &Context<'_>) -> Option<Result<Vec<String>, StageError>> {
    if context.stage != Stage::Expand {
        return None;
    }
    match &context.change.kind {
        ChangeKind::Rename(_) => Some(Box::pin(rename_in_place::inspect(context)).await),
        ChangeKind::RenameInPlace(_) => Some(Box::pin(rename::inspect(context)).await),
        ChangeKind::Drop(_) | ChangeKind::Retype(_) => None,
    }
}

/// Adds to a refusal of the first stage the other way to make the change, if that is free.
pub(super) async fn with_other_way<T>(
    context: &Context<'_>,
    result: Result<T, StageError>,
) -> Result<T, StageError> {
    let Err(StageError::Unfit { table, column, done, obstacles, .. }) = result else {
        return result;
    };
    let ColumnPair { table: own, from, to } = context.declared.columns();
    let path = ColumnPath { table: own.clone(), column: from.clone() };
    let other_way = match look_at_other_way(context).await {
        Some(Ok(_)) => match &context.change.kind {
            ChangeKind::Rename(_) => Some(format!(
                "rename the column itself, if only this app uses `{table}`: \
                 `handover gen rename {path} {to} --in-place`"
            )),
            ChangeKind::RenameInPlace(_) => {
                Some(format!("rename by a copy: `handover gen rename {path} {to}`"))
            }
            ChangeKind::Drop(_) | ChangeKind::Retype(_) => None,
        },
        Some(Err(_)) | None => None,
    };
    Err(StageError::Unfit { table, column, done, obstacles, other_way })
}

/// Describes what a change that is about to begin costs, and what the other way would cost.
pub(super) async fn compare_ways(context: &Context<'_>) -> Result<Vec<String>, StageError> {
    let Some(other) = look_at_other_way(context).await else { return Ok(Vec::new()) };
    let ColumnPair { table, from, .. } = context.declared.columns();
    let copy = cost_of_a_copy(context).await?;
    let moment = "the table is locked for a moment, and everything on the column stays";
    let refused = other.err().map(|error| match error {
        StageError::Unfit { obstacles, .. } => {
            obstacles.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        }
        error => error.to_string(),
    });
    Ok(match (&context.change.kind, refused) {
        (ChangeKind::Rename(_), None) => vec![
            format!("`{table}.{from}` is renamed by a copy: {copy}"),
            format!("in place (`--in-place`): {moment}, but only this app may use it"),
        ],
        (ChangeKind::Rename(_), Some(reason)) => vec![
            format!("`{table}.{from}` is renamed by a copy: {copy}"),
            format!("in place (`--in-place`), it would be refused: {reason}"),
        ],
        (ChangeKind::RenameInPlace(_), None) => vec![
            format!("`{table}.{from}` is renamed in place: {moment}"),
            format!("by a copy (without `--in-place`): {copy}"),
        ],
        (ChangeKind::RenameInPlace(_), Some(reason)) => vec![
            format!("`{table}.{from}` is renamed in place: {moment}"),
            format!("by a copy (without `--in-place`), it would be refused: {reason}"),
        ],
        (ChangeKind::Drop(_) | ChangeKind::Retype(_), _) => Vec::new(),
    })
}

async fn cost_of_a_copy(context: &Context<'_>) -> Result<String, StageError> {
    let (connection, dialect) = (context.database.connection(), context.dialect());
    let table = &context.columns().table;
    let rows = catalog::estimate_rows(connection, dialect, table).await?;
    let effect = Effect {
        what: String::new(),
        traffic: Traffic::Runs,
        table: Some(table.clone()),
        extent: Extent::Copy,
    };
    let known = tables::exist(connection, dialect).await?;
    let copied = if known { tables::copied_rate(connection, dialect).await? } else { None };
    let rows = u64::try_from(rows).unwrap_or(0);
    let sizes = Sizes { dialect, rows: [(table.clone(), rows)].into(), copied };
    let seconds = sizes.expect(&Impact { effects: vec![effect] }).map_or(0, |time| time.as_secs());
    Ok(format!(
        "about {rows} rows are written once more, into the log too, in about {} s",
        seconds.max(1)
    ))
}
