//! `handover_changes`: the state of each change, and what was noted of its column.

use std::fmt::Write as _;

use sea_orm::{ConnectionTrait, DbErr, Value};

use super::metadata::shared;
use super::stored_change::{
    COLUMNS, OF_APP, READ, Stored, StoredSpecification, change_row, stored,
};
use super::upsert::overwrite;
use crate::database::{Dialect, announce_epoch, execute, get, rows, table};
use crate::model::{ChangeName, ChangeRecord, ColumnPair, State};

/// Another runner has changed the state since it was read; nothing was done.
#[derive(Debug, thiserror::Error)]
#[error(
    "change `{name}` is no longer in state {expected} of epoch {epoch}: another runner has changed it"
)]
pub struct Fenced {
    /// The change.
    pub name: ChangeName,
    /// The state that it should have been in.
    pub expected: State,
    /// The epoch in which that state began.
    pub epoch: u64,
}

/// Reads every recorded change, ordered by name.
///
/// # Errors
/// The tables are missing, or a stored value is not valid.
pub async fn changes<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Vec<ChangeRecord>, DbErr> {
    read(table(connection, dialect, COLUMNS, READ).await?)
}

pub(super) fn read(stored: Vec<Stored>) -> Result<Vec<ChangeRecord>, DbErr> {
    let mut found = stored.into_iter().map(change_row).collect::<Result<Vec<_>, _>>()?;
    found.sort_by(|a, b| a.name.as_str().cmp(b.name.as_str()));
    Ok(found)
}

/// Reads one change, if it is recorded, and keeps its state from changing until the transaction
/// ends.
///
/// # Errors
/// The same as for [`changes`].
pub async fn change<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    name: &ChangeName,
) -> Result<Option<ChangeRecord>, DbErr> {
    let lock = match dialect {
        Dialect::Postgres => " FOR SHARE OF handover_changes",
        Dialect::Sqlite | Dialect::MariaDb => shared(dialect),
    };
    let sql = format!("SELECT {COLUMNS} FROM {READ} WHERE handover_changes.name = $1{lock}");
    let found = rows(transaction, &sql, [name.as_str().into()]).await?;
    found.first().map(|row| change_row(stored(row)?)).transpose()
}

/// Records a change in its first state: `pending`, or `contracted` if a baseline says that it was
/// complete before handover met the database. Every other state is [published](publish).
///
/// A record that is already there is overwritten while it is `pending`: a change that was rolled back
/// whole may come again with other columns. Otherwise it stays as it is.
///
/// # Errors
/// The database reports an error.
pub async fn insert_change<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    change: &ChangeRecord,
    definition: &str,
) -> Result<(), DbErr> {
    let specification = change.kind.specification().map(|specification| StoredSpecification {
        specification,
        conversion: change.conversion.clone(),
    });
    let specification = specification.and_then(|stored| serde_json::to_string(&stored).ok());
    let mut columns = vec![
        "kind",
        "table_schema",
        "table_name",
        "from_column",
        "to_column",
        "expand_release",
        "definition",
        "computed_default",
    ];
    // The tables of earlier releases do not have these: see `add_specification` and `add_app_tables`.
    let app = change.app.as_ref().map(|app| app.as_str().to_owned());
    let rare = [("specification", specification), ("app", app)];
    let rare: Vec<(&str, String)> =
        rare.into_iter().filter_map(|(column, value)| Some((column, value?))).collect();
    columns.extend(rare.iter().map(|(column, _)| *column));
    let (mut also, mut value) = (String::new(), String::new());
    for (number, (column, _)) in (12..).zip(&rare) {
        let _ = write!(also, ", {column}");
        let _ = write!(value, ", ${number}");
    }
    let pending = "handover_changes.state = 'pending'";
    let sql = format!(
        "INSERT INTO handover_changes (name, kind, table_schema, table_name, from_column, \
         to_column, expand_release, state, epoch, definition, computed_default{also}) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11{value}) {}",
        overwrite(dialect, "name", &columns, Some(pending))
    );
    let ColumnPair { table, from, to } = change.columns();
    let computed_default = change.computed_default.as_ref();
    let mut values: Vec<Value> = vec![
        change.name.as_str().into(),
        match change.app {
            Some(_) => format!("{OF_APP}{}", change.kind.key()).into(),
            None => change.kind.key().into(),
        },
        table.schema.as_ref().map(|schema| schema.as_str().to_owned()).into(),
        table.name.as_str().into(),
        from.as_str().into(),
        to.as_str().into(),
        change.expand_release.to_string().into(),
        change.state.as_str().into(),
        change.epoch.cast_signed().into(),
        definition.into(),
        computed_default.and_then(|default| serde_json::to_string(default).ok()).into(),
    ];
    values.extend(rare.into_iter().map(|(_, value)| Value::from(value)));
    execute(transaction, &sql, values).await?;
    Ok(())
}

/// Reads the definition of the column that the migrator recorded before it changed the column, as
/// JSON.
///
/// # Errors
/// The database reports an error.
pub async fn definition<C: ConnectionTrait>(
    connection: &C,
    name: &ChangeName,
) -> Result<Option<String>, DbErr> {
    let sql = "SELECT definition FROM handover_changes WHERE name = $1";
    get(connection, sql, [name.as_str().into()]).await
}

/// Replaces the recorded definition of the column.
///
/// # Errors
/// The database reports an error.
pub async fn renew_definition<C: ConnectionTrait>(
    connection: &C,
    name: &ChangeName,
    definition: &str,
) -> Result<(), DbErr> {
    let sql = "UPDATE handover_changes SET definition = $1 WHERE name = $2";
    execute(connection, sql, [definition.into(), name.as_str().into()]).await?;
    Ok(())
}

/// Moves a change from the state and epoch that it was seen in to its next state, raises the epoch
/// and announces it. Returns the new epoch. If somebody else has moved the change, does nothing and
/// returns [`Fenced`].
///
/// Call it in the transaction of the schema change that the new state needs.
///
/// # Errors
/// The inner error if the change has been moved; the outer error if the database reports one.
pub async fn publish<C: ConnectionTrait>(
    transaction: &C,
    seen: &ChangeRecord,
    after: State,
) -> Result<Result<u64, Fenced>, DbErr> {
    execute(transaction, "UPDATE handover_metadata SET epoch = epoch + 1", []).await?;
    let sql = "UPDATE handover_changes SET state = $1, \
               epoch = (SELECT epoch FROM handover_metadata) \
               WHERE name = $2 AND state = $3 AND epoch = $4";
    let values: [Value; 4] = [
        after.as_str().into(),
        seen.name.as_str().into(),
        seen.state.as_str().into(),
        seen.epoch.cast_signed().into(),
    ];
    if execute(transaction, sql, values).await? == 0 {
        return Ok(Err(Fenced {
            name: seen.name.clone(),
            expected: seen.state,
            epoch: seen.epoch,
        }));
    }
    announce_epoch(transaction).await?;
    let epoch: Option<i64> = get(transaction, "SELECT epoch FROM handover_metadata", []).await?;
    Ok(Ok(epoch.unwrap_or_default().cast_unsigned()))
}
