//! Finds the values that do not survive a conversion in both directions, and reports the keys of their
//! rows.

use std::cell::RefCell;

use sea_orm::{DatabaseTransaction, QueryResult};

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::twins::Twins;
use crate::database::catalog::{Key, Table};
use crate::database::{Dialect, execute, get, rows};
use crate::model::{Identifier, Side};

/// The number of rows that are named.
const NAMED: usize = 10;

/// Looks for values of one side's type in `column` that the conversion loses. Returns them as the error to
/// report; `None` if there are none.
pub(super) async fn find(
    context: &Context<'_>,
    table: &Table,
    twins: &Twins,
    (side, column): (Side, &Identifier),
) -> Result<Option<StageError>, StageError> {
    let dialect = context.dialect();
    let name = &twins.columns.table;
    let lost = twins.is_lost(side, &dialect.quote(column));
    let looked = context
        .reading(async |transaction| Ok(steps::any_row(transaction, dialect, name, &lost).await?))
        .await;
    match looked {
        Ok(false) => return Ok(None),
        Ok(true) => {}
        // A value that does not convert at all is an error there, and ends the query.
        Err(StageError::Database(error)) if !StageError::is_lock(&error) => {
            if dialect != Dialect::Postgres {
                return Err(StageError::Database(error));
            }
        }
        Err(error) => return Err(error),
    }
    let found = RefCell::new((0, Vec::new()));
    context
        .rehearsed(Lock::Rows, async |transaction| {
            let condition = match dialect {
                Dialect::Postgres => {
                    create_function(transaction, twins, side).await?;
                    format!("pg_temp.handover_is_lost({})", dialect.quote(column))
                }
                Dialect::Sqlite | Dialect::MariaDb => lost.clone(),
            };
            found.replace(report(transaction, context, table, &condition).await?);
            Ok(())
        })
        .await?;
    let (rows, keys) = found.into_inner();
    if rows == 0 {
        return Ok(None);
    }
    let other = if side == Side::From { Side::To } else { Side::From };
    Ok(Some(StageError::Unconvertible {
        table: context.declared.columns().table.clone(),
        column: column.clone(),
        sql_type: twins.type_of(other).to_owned(),
        rows,
        keys,
    }))
}

/// A function that tells for each value on its own if it is lost. It is gone with the transaction.
async fn create_function(
    transaction: &DatabaseTransaction,
    twins: &Twins,
    side: Side,
) -> Result<(), StageError> {
    let body = format!(
        "BEGIN RETURN {}; EXCEPTION WHEN others THEN RETURN true; END",
        twins.is_lost(side, "$1")
    );
    let sql = format!(
        "CREATE FUNCTION pg_temp.handover_is_lost({}) RETURNS boolean LANGUAGE plpgsql AS {}",
        twins.type_of(side),
        Dialect::Postgres.literal(&body)
    );
    execute(transaction, &sql, []).await?;
    Ok(())
}

/// The number of rows for which the condition holds, and the keys of the first of them.
pub(super) async fn report(
    transaction: &DatabaseTransaction,
    context: &Context<'_>,
    table: &Table,
    condition: &str,
) -> Result<(i64, Vec<String>), StageError> {
    let dialect = context.dialect();
    let name = dialect.quote_table(&context.columns().table);
    let count = format!("SELECT count(*) FROM {name} WHERE {condition}");
    let count = get::<i64, _, _>(transaction, &count, []).await?.unwrap_or(0);
    let key: Vec<String> = match &table.key {
        Key::RowId(alias) => vec![(*alias).to_owned()],
        Key::Ctid => vec!["ctid".to_owned()],
        Key::Columns(columns) => columns.iter().map(|column| column.name.clone()).collect(),
        Key::None => return Ok((count, vec!["the table has no key".to_owned()])),
    };
    let quoted = |column: &String| match Identifier::new(column.as_str()) {
        Ok(name) if *column != "ctid" => dialect.quote(&name),
        _ => column.clone(),
    };
    let text = match dialect {
        Dialect::MariaDb => "char",
        Dialect::Sqlite | Dialect::Postgres => "text",
    };
    let list = key.iter().map(|column| format!("CAST({} AS {text})", quoted(column)));
    let sql = format!(
        "SELECT {} FROM {name} WHERE {condition} ORDER BY {} LIMIT {NAMED}",
        list.collect::<Vec<_>>().join(", "),
        // With the table: a name alone would mean the text that is returned.
        key.iter().map(|own| format!("{name}.{}", quoted(own))).collect::<Vec<_>>().join(", ")
    );
    let of_row = |row: &QueryResult| {
        let values = key
            .iter()
            .enumerate()
            .map(|(at, column)| Ok(format!("{column} = {}", row.try_get_by_index::<String>(at)?)));
        Ok::<_, sea_orm::DbErr>(values.collect::<Result<Vec<_>, sea_orm::DbErr>>()?.join(", "))
    };
    let mut keys =
        rows(transaction, &sql, []).await?.iter().map(of_row).collect::<Result<Vec<_>, _>>()?;
    if usize::try_from(count).is_ok_and(|count| count > keys.len()) {
        keys.push("…".to_owned());
    }
    Ok((count, keys))
}
