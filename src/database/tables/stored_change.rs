//! A row of `handover_changes`, and the change that it stores.

use sea_orm::{DbErr, QueryResult};
use serde::{Deserialize, Serialize};

use super::unreadable;
use crate::model::{
    ChangeKind, ChangeRecord, ColumnPair, Conversion, Identifier, Specification, TableName,
};

/// The database has a change of a kind that this version of handover does not know.
#[derive(Debug, thiserror::Error)]
#[error("`{key}` is not a kind of change that this version of handover knows")]
struct UnknownKind {
    key: String,
}

pub(super) const TABLE: &str = "handover_changes";

pub(super) const COLUMNS: &str = "handover_changes.name, kind, table_schema, table_name, from_column, to_column, expand_release, \
                       state, epoch, computed_default, (SELECT specification FROM \
                       handover_changes AS own WHERE own.name = handover_changes.name), (SELECT app FROM \
                       handover_changes AS own WHERE own.name = handover_changes.name)";

/// The table to read `COLUMNS` from. The tables of earlier releases have no column `specification` or
/// `app`: there the name means the column of this query, which is NULL.
pub(super) const READ: &str =
    "(SELECT NULL AS specification, NULL AS app) AS absent CROSS JOIN handover_changes";

/// Begins the kind of a change of an app with a name. Earlier versions of handover would compare the releases of
/// their own app with it; a kind that they do not know, they refuse.
pub(super) const OF_APP: &str = "app/";

/// The stored values of `COLUMNS`.
pub(super) type Stored = (
    String,
    String,
    Option<String>,
    String,
    String,
    String,
    String,
    String,
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// The stored form of what only some kinds of change have.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredSpecification {
    #[serde(flatten)]
    pub specification: Specification,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Conversion>,
}

pub(super) fn change_row(stored: Stored) -> Result<ChangeRecord, DbErr> {
    let (
        name,
        kind,
        schema,
        table,
        from,
        to,
        expand_release,
        state,
        epoch,
        default,
        specification,
        app,
    ) = stored;
    let specification: Option<StoredSpecification> = specification
        .map(|json| serde_json::from_str(&json))
        .transpose()
        .map_err(|error| unreadable(TABLE, error))?;
    let (specification, conversion) = match specification {
        Some(stored) => (Some(stored.specification), stored.conversion),
        None => (None, None),
    };
    let identifier = |text: String| Identifier::new(text).map_err(|error| unreadable(TABLE, error));
    let rename = ColumnPair {
        table: TableName { schema: schema.map(identifier).transpose()?, name: identifier(table)? },
        from: identifier(from)?,
        to: identifier(to)?,
    };
    Ok(ChangeRecord {
        name: name.parse().map_err(|error| unreadable(TABLE, error))?,
        app: app.map(|name| name.parse()).transpose().map_err(|error| unreadable(TABLE, error))?,
        kind: ChangeKind::of_key(kind.strip_prefix(OF_APP).unwrap_or(&kind), rename, specification)
            .ok_or_else(|| unreadable(TABLE, UnknownKind { key: kind }))?,
        expand_release: expand_release.parse().map_err(|error| unreadable(TABLE, error))?,
        state: state.parse().map_err(|error| unreadable(TABLE, error))?,
        epoch: epoch.cast_unsigned(),
        computed_default: default
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|error| unreadable(TABLE, error))?,
        conversion,
    })
}

pub(super) fn stored(row: &QueryResult) -> Result<Stored, DbErr> {
    Ok((
        row.try_get_by_index(0)?,
        row.try_get_by_index(1)?,
        row.try_get_by_index(2)?,
        row.try_get_by_index(3)?,
        row.try_get_by_index(4)?,
        row.try_get_by_index(5)?,
        row.try_get_by_index(6)?,
        row.try_get_by_index(7)?,
        row.try_get_by_index(8)?,
        row.try_get_by_index(9)?,
        row.try_get_by_index(10)?,
        row.try_get_by_index(11)?,
    ))
}
