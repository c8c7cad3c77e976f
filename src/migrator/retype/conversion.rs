//! The conversion of a change of type: which one it is on this database, and if the database takes it.

use std::cell::RefCell;

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr};

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::at_once::is_at_once;
use super::casts::casts;
use super::obstacles::unfit;
use super::twins::{Twins, is_text};
use super::{duplicates, unconvertible};
use crate::database::catalog::{Column, Table};
use crate::database::{Dialect, canonical_type, execute, get, plain, row};
use crate::model::{Conversion, Identifier, Retype, Side};

/// The conversion, with the expressions of the file or with casts.
pub(super) fn of_column(
    context: &Context<'_>,
    retype: &Retype,
    column: &Column,
    to_type: &str,
) -> Result<Conversion, StageError> {
    let (dialect, from) = (context.dialect(), &context.columns().from);
    let from_type = column.sql_type.clone();
    let given = retype.expressions.clone();
    let at_once = given.is_none() && is_at_once(dialect, column, to_type);
    let expressions = given.or_else(|| casts(dialect, from, (&from_type, to_type)));
    let expressions = expressions.ok_or_else(|| {
        let what = "the conversion depends on the time zone of a session: say how to convert with \
                    `--using` and `--back`";
        unfit(context, from, vec![what.to_owned()])
    })?;
    Ok(Conversion { from_type, to_type: to_type.to_owned(), expressions, at_once })
}

/// The columns as the file declares them, before the database has been asked about the type.
pub(super) fn declared(
    context: &Context<'_>,
    retype: &Retype,
    column: &Column,
) -> Result<Twins, StageError> {
    let to_type = match context.dialect() {
        // A type of one's own has just the name that it was given.
        Dialect::Postgres => canonical_type(Dialect::Postgres, &retype.sql_type),
        Dialect::Sqlite | Dialect::MariaDb => retype.sql_type.clone(),
    };
    let to_type = if retype.sql_type.contains('"') { &retype.sql_type } else { &to_type };
    let conversion = of_column(context, retype, column, to_type)?;
    Ok(Twins::new(context.dialect(), context.columns(), conversion)?)
}

/// Fails if the database does not know the type, or does not take an expression. Changes nothing.
pub(super) async fn check(context: &Context<'_>, twins: &Twins) -> Result<(), StageError> {
    let column = &twins.columns.from;
    let tried = context
        .reading(async |transaction| {
            let null = |sql_type: &str| match context.dialect() {
                Dialect::Postgres => format!("CAST(NULL AS {sql_type})"),
                Dialect::Sqlite | Dialect::MariaDb => "NULL".to_owned(),
            };
            let (from, to) = (null(twins.type_of(Side::From)), null(twins.type_of(Side::To)));
            let sql = format!(
                "SELECT {} IS NULL AND {} IS NULL",
                twins.stored(Side::To, &from),
                twins.stored(Side::From, &to)
            );
            Ok(get::<bool, _, _>(transaction, &sql, []).await?)
        })
        .await;
    match tried {
        Ok(Some(true)) => Ok(()),
        Ok(_) => {
            let what = "an expression makes a value of NULL; both have to leave NULL as it is";
            Err(unfit(context, column, vec![what.to_owned()]))
        }
        Err(error) => Err(refused(context, error)),
    }
}

/// The refusal by the database, unless it only missed a lock.
pub(super) fn refused(context: &Context<'_>, error: StageError) -> StageError {
    match error {
        StageError::Database(told) if !StageError::is_lock(&told) => {
            let told = plain(&told.to_string());
            let what = format!("the database does not let it be done: {told}");
            unfit(context, &context.columns().from, vec![what])
        }
        other => other,
    }
}

/// Fails if the database calls a function of an expression volatile (PostgreSQL): a value would not be the
/// same each time.
pub(super) async fn refuse_volatile(
    context: &Context<'_>,
    twins: &Twins,
) -> Result<(), StageError> {
    if context.dialect() != Dialect::Postgres {
        return Ok(());
    }
    let expressions = &twins.conversion.expressions;
    let text = format!("{} {}", expressions.using, expressions.back);
    let sql = "SELECT string_agg(DISTINCT proname::text, ', ') FROM pg_proc \
               WHERE provolatile = 'v' AND $1 ~* ('\\m' || proname::text || '\\M\"?\\s*[(]')";
    let found = context
        .reading(async |transaction| {
            let sql = format!("{sql} AND proname::text ~ '^[a-zA-Z0-9_]+$'");
            Ok(get::<Option<String>, _, _>(transaction, &sql, [text.as_str().into()]).await?)
        })
        .await?;
    match found.flatten() {
        None => Ok(()),
        Some(names) => {
            let what = format!("an expression calls {names}, which is volatile");
            Err(unfit(context, &twins.columns.from, vec![what]))
        }
    }
}

/// Adds the second column in a transaction that is rolled back: the database may know an obstacle that the
/// catalog does not show. Returns the type as the catalog writes it. On MariaDB, which has no such
/// transaction, the column is that of a temporary table.
pub(super) async fn try_out(
    context: &Context<'_>,
    table: &Table,
    twins: &Twins,
) -> Result<String, StageError> {
    let (dialect, columns) = (context.dialect(), &twins.columns);
    let found = RefCell::new(None);
    let second = twins.second(&Column::default(), None);
    let tried = match dialect {
        Dialect::MariaDb => {
            context
                .transaction(Lock::Rows, async |transaction| {
                    found.replace(probe(transaction, &second.sql_type).await?);
                    probe_indexes(transaction, table, twins).await
                })
                .await
        }
        Dialect::Postgres | Dialect::Sqlite => {
            context
                .rehearsed(Lock::Everyone, async |transaction| {
                    let name = &columns.table;
                    steps::add_column(transaction, dialect, name, &columns.to, &second, false)
                        .await?;
                    let with_it = context.table_within(transaction).await?;
                    let added = with_it.column(dialect, columns.to.as_str());
                    found.replace(added.map(|added| added.sql_type.clone()));
                    if dialect == Dialect::Postgres {
                        try_indexes(transaction, context, table, twins).await?;
                        return steps::drop_column(transaction, dialect, name, &columns.from).await;
                    }
                    Ok(())
                })
                .await
        }
    };
    tried.map_err(|error| refused(context, error))?;
    Ok(found.into_inner().unwrap_or_else(|| second.sql_type.clone()))
}

/// Lets PostgreSQL look for an operator class of the new type for each index, on a table without rows.
async fn try_indexes(
    transaction: &DatabaseTransaction,
    context: &Context<'_>,
    table: &Table,
    twins: &Twins,
) -> Result<(), StageError> {
    let (dialect, from) = (context.dialect(), twins.columns.from.as_str());
    for index in table.indexes_of(dialect, from)? {
        let sql = format!(
            "CREATE TEMPORARY TABLE handover_probe (probed {}) ON COMMIT DROP",
            twins.type_of(Side::To)
        );
        execute(transaction, &sql, []).await?;
        let sql = format!("CREATE INDEX ON pg_temp.handover_probe USING {} (probed)", index.method);
        execute(transaction, &sql, []).await?;
        execute(transaction, "DROP TABLE pg_temp.handover_probe", []).await?;
    }
    Ok(())
}

/// The type as MariaDB's catalog writes it.
async fn probe(
    transaction: &DatabaseTransaction,
    sql_type: &str,
) -> Result<Option<String>, StageError> {
    let drop = "DROP TEMPORARY TABLE IF EXISTS handover_probe";
    transaction.execute_unprepared(drop).await?;
    let create = format!("CREATE TEMPORARY TABLE handover_probe (probed {sql_type})");
    transaction.execute_unprepared(&create).await?;
    let found = row(transaction, "SHOW COLUMNS FROM handover_probe", []).await?;
    let found = found.map(|row| row.try_get::<String>("", "Type")).transpose()?;
    transaction.execute_unprepared(drop).await?;
    Ok(found)
}

/// Lets MariaDB build each index on a column of the new type, in a temporary table: it may be too long for a
/// key, or need a length. A unique index of a text without a length would be one over a hidden column.
async fn probe_indexes(
    transaction: &DatabaseTransaction,
    table: &Table,
    twins: &Twins,
) -> Result<(), StageError> {
    let dialect = Dialect::MariaDb;
    let from = twins.columns.from.as_str();
    let collation = table.column(dialect, from).and_then(|own| own.collation.clone());
    let collated = collation.map(|own| format!(" COLLATE {own}")).unwrap_or_default();
    for index in table.indexes_of(dialect, from)? {
        let drop = "DROP TEMPORARY TABLE IF EXISTS handover_probe";
        transaction.execute_unprepared(drop).await?;
        let unique = if index.unique { "UNIQUE " } else { "" };
        let second = twins.second(&Column::default(), None);
        let collated = if is_text(&second.sql_type) { collated.as_str() } else { "" };
        let create = format!(
            "CREATE TEMPORARY TABLE handover_probe (probed {}{collated}, {unique}INDEX (probed)) ENGINE=InnoDB",
            second.sql_type
        );
        transaction.execute_unprepared(&create).await?;
        let shown = row(transaction, "SHOW INDEX FROM handover_probe", []).await?;
        transaction.execute_unprepared(drop).await?;
        let Some(shown) = shown else { continue };
        let method: String = shown.try_get("", "Index_type")?;
        let cut = shown.try_get::<Option<i64>>("", "Sub_part")?.is_some();
        if cut || method != "BTREE" {
            return Err(StageError::Database(DbErr::Custom(format!(
                "its values would be too long for the index `{}`",
                index.name
            ))));
        }
    }
    Ok(())
}

/// Fails if a value of the column does not survive the conversion in both directions.
pub(super) async fn refuse_unconvertible(
    context: &Context<'_>,
    table: &Table,
    twins: &Twins,
) -> Result<(), StageError> {
    if twins.conversion.at_once {
        return Ok(());
    }
    let column = &twins.columns.from;
    context.step(format!("try the conversion of each value of `{column}`")).await;
    refuse_lost(context, table, twins, (Side::From, column)).await
}

/// Fails if a value of `column`, which has the type of one side, is lost by the conversion, or would be the
/// duplicate of another one.
pub(super) async fn refuse_lost(
    context: &Context<'_>,
    table: &Table,
    twins: &Twins,
    (side, column): (Side, &Identifier),
) -> Result<(), StageError> {
    let lost = unconvertible::find(context, table, twins, (side, column)).await?;
    let refused = match lost {
        Some(error) => Some(error),
        None => duplicates::find(context, table, twins, (side, column)).await?,
    };
    refused.map_or(Ok(()), Err)
}
