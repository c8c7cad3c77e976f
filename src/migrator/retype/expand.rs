//! `pending` to `dual_write`: the second column is added, and the guard keeps it and the first one
//! convertible. A type that the database changes at once is changed here.

use super::super::context::{Context, Lock};
use super::super::new_name::check_new_name;
use super::super::stage_error::StageError;
use super::super::steps;
use super::super::wait_for_format::wait_until_understood;
use super::change_at_once::{change_at_once, undo_at_once};
use super::obstacles::with_reason;
use super::record::{FORMAT, is_noted, note};
use super::survey::{survey, survey_for_second_column};
use super::twins::Twins;
use super::{conversion, objects};
use crate::database::catalog::{Column, Definition, Index, Table};
use crate::database::{Dialect, get};
use crate::model::{ChangeRecord, Conversion, Release, Retype, Side, State};

pub(super) async fn run(
    context: &Context<'_>,
    retype: &Retype,
    release: &Release,
) -> Result<(), StageError> {
    let (dialect, columns) = (context.dialect(), context.columns());
    let known = context.recorded().await?;
    if known.as_ref().is_some_and(|row| row.state != State::Pending) {
        return Ok(());
    }
    let table = survey(context).await?;
    let column = column_of(context, &table, Side::From)?.clone();
    // On MariaDB an interrupted run may have added the column, or changed the type.
    let resumed = match known {
        Some(row) if !dialect.rolls_back_ddl() && row.kind == context.declared.kind => {
            if is_noted(context).await? { row.conversion } else { None }
        }
        _ => None,
    };
    let conversion = match resumed {
        Some(conversion) => conversion,
        None => begin_new(context, retype, release, &table, &column).await?,
    };
    let twins = Twins::new(dialect, columns, conversion)?;
    let seen = context.seen().await?;
    if twins.conversion.at_once {
        // PostgreSQL then refuses the statements that were prepared before. Every process has to expect that.
        let seen = if dialect == Dialect::Postgres && !context.offline {
            let announced = context.announce_again(&seen).await?;
            context.acknowledged(&announced).await?;
            announced
        } else {
            seen
        };
        let Some(reason) = change_at_once(context, &seen, &twins, (&table, &column)).await? else {
            return Ok(());
        };
        let table = survey_for_second_column(context).await;
        let table = table.map_err(|error| with_reason(error, reason))?;
        let conversion = Conversion { at_once: false, ..twins.conversion };
        let twins = Twins::new(dialect, columns, conversion)?;
        check_new_name(dialect, context.declared.columns(), table.column_names())?;
        let to_type = conversion::try_out(context, &table, &twins).await?;
        let conversion = Conversion { to_type, ..twins.conversion };
        let twins = Twins::new(dialect, columns, conversion)?;
        conversion::refuse_unconvertible(context, &table, &twins).await?;
        note(context, release, &twins.conversion, Some(&describe(context, &table, &column)?))
            .await?;
        let seen = context.seen().await?;
        return add_second(context, &seen, &twins, &column).await;
    }
    add_second(context, &seen, &twins, &column).await
}

async fn begin_new(
    context: &Context<'_>,
    retype: &Retype,
    release: &Release,
    table: &Table,
    column: &Column,
) -> Result<Conversion, StageError> {
    let (dialect, columns) = (context.dialect(), context.columns());
    let declared = conversion::declared(context, retype, column)?;
    if !declared.conversion.at_once {
        check_new_name(dialect, context.declared.columns(), table.column_names())?;
    }
    conversion::check(context, &declared).await?;
    conversion::refuse_volatile(context, &declared).await?;
    let to_type = if declared.conversion.at_once {
        declared.conversion.to_type.clone()
    } else {
        conversion::try_out(context, table, &declared).await?
    };
    let conversion = conversion::of_column(context, retype, column, &to_type)?;
    let twins = Twins::new(dialect, columns, conversion)?;
    conversion::refuse_unconvertible(context, table, &twins).await?;
    wait_until_understood(context, FORMAT).await?;
    let definition = describe(context, table, column)?;
    note(context, release, &twins.conversion, Some(&definition)).await?;
    Ok(twins.conversion)
}

/// The column of one side, as the catalog has it.
pub(super) fn column_of<'t>(
    context: &Context<'_>,
    table: &'t Table,
    side: Side,
) -> Result<&'t Column, StageError> {
    let columns = context.columns();
    let name = if side == Side::From { &columns.from } else { &columns.to };
    table.column(context.dialect(), name.as_str()).ok_or_else(|| StageError::NoColumn {
        table: context.declared.columns().table.clone(),
        column: name.clone(),
    })
}

/// The note of the column, with what has to be carried over.
pub(super) fn describe(
    context: &Context<'_>,
    table: &Table,
    column: &Column,
) -> Result<Definition, StageError> {
    let dialect = context.dialect();
    let indexes = table.indexes_of(dialect, &column.name)?;
    Ok(Definition {
        column: column.clone(),
        indexes: indexes.into_iter().cloned().collect::<Vec<Index>>(),
        twins: Vec::new(),
        schema: (dialect == Dialect::Postgres).then(|| table.schema.clone()),
        constraints: Vec::new(),
        allowed: context.allowed.to_vec(),
    })
}

/// The default of the second column: that of the first one, converted. What is a value stays one.
pub(super) async fn second_default(
    context: &Context<'_>,
    twins: &Twins,
    column: &Column,
) -> Result<Option<String>, StageError> {
    let Some(default) = column.default.as_deref() else { return Ok(None) };
    let value = match context.dialect() {
        Dialect::Postgres => {
            let own = format!("CAST({default} AS {})", twins.type_of(Side::From));
            twins.stored(Side::To, &own)
        }
        Dialect::Sqlite | Dialect::MariaDb => twins.value(Side::To, &format!("({default})")),
    };
    let sql = match context.dialect() {
        // A call gives another value each time; a literal, maybe with a cast behind it, does not.
        _ if default.contains('(') => return Ok(Some(format!("({value})"))),
        Dialect::Postgres => format!("SELECT quote_nullable(({value})::text)"),
        Dialect::Sqlite => format!("SELECT quote({value})"),
        Dialect::MariaDb => format!("SELECT quote(CAST({value} AS char))"),
    };
    context.reading(async |transaction| Ok(get::<String, _, _>(transaction, &sql, []).await?)).await
}

async fn add_second(
    context: &Context<'_>,
    seen: &ChangeRecord,
    twins: &Twins,
    column: &Column,
) -> Result<(), StageError> {
    let (dialect, change, columns) = (context.dialect(), &context.change, context.columns());
    context.step(format!("add column `{}`", columns.to)).await;
    let default = second_default(context, twins, column).await?;
    let second = twins.second(column, default.clone());
    let name = &columns.table;
    let (to, properties) = (&columns.to, second.properties.as_slice());
    if dialect == Dialect::MariaDb && !properties.is_empty() {
        // Privileges need an existing column, and on MariaDB a session without locked tables.
        context
            .fenced(Lock::Everyone, seen, async |transaction| {
                steps::add_column(transaction, dialect, name, to, &second, true).await
            })
            .await?;
        context
            .transaction(Lock::Rows, async |transaction| {
                steps::give_properties(transaction, dialect, name, to, properties).await
            })
            .await?;
    }
    context
        .enter(Lock::Everyone, seen, State::DualWrite, async |transaction| {
            steps::add_column(transaction, dialect, name, to, &second, true).await?;
            if dialect != Dialect::MariaDb {
                steps::give_properties(transaction, dialect, name, to, properties).await?;
            }
            // From the first write on: a value of the new type that does not convert back is refused
            // before the copy could overwrite it.
            let watched = twins.watched(Side::To, default.as_deref());
            steps::put_guard_on(transaction, dialect, change, &watched, Side::To).await
        })
        .await?;
    Ok(())
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, change, columns) = (context.dialect(), &context.change, context.columns());
    let mut seen = context.seen().await?;
    let Some(conversion) = seen.conversion.clone() else {
        return Err(context.wrong_state(seen.state));
    };
    if conversion.at_once {
        return undo_at_once(context, &seen, &conversion).await;
    }
    if seen.state == State::DualWrite {
        objects::prove(context, &context.table().await?, (&columns.to, &columns.from))?;
        seen = context
            .enter(Lock::Everyone, &seen, State::Pending, async |transaction| {
                // From now on writes set `from` alone.
                steps::drop_guard(transaction, dialect, change, Side::From).await
            })
            .await?;
    }
    if seen.state != State::Pending {
        return Err(context.wrong_state(seen.state));
    }
    if context.table().await?.column(dialect, columns.to.as_str()).is_some() {
        context.step(format!("drop column `{}`", columns.to)).await;
        context
            .fenced(Lock::Everyone, &seen, async |transaction| {
                let table = context.table_within(transaction).await?;
                objects::prove(context, &table, (&columns.to, &columns.from))?;
                steps::drop_guard(transaction, dialect, change, Side::To).await?;
                steps::drop_guard_function(transaction, dialect, change).await?;
                let (name, to) = (&columns.table, columns.to.as_str());
                steps::drop_indexes_of(transaction, dialect, name, &table, to).await?;
                steps::drop_column(transaction, dialect, name, &columns.to).await
            })
            .await?;
    }
    if dialect.rolls_back_ddl() {
        return Ok(());
    }
    // Otherwise a column that somebody adds later would count as that of an interrupted run.
    note(context, &seen.expand_release, &conversion, None).await
}
