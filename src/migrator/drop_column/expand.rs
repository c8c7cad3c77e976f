//! `pending` to `ignored`: inserts may leave the column out.

use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::super::column_names::Names;
use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::super::wait_for_format::wait_until_understood;
use super::note::{self, Note, Relaxed};
use super::survey::{gone, survey};
use crate::database::{Dialect, get, put_back_not_null, remove_not_null, tables};
use crate::model::{ChangeRecord, ColumnPair, Instance, Release, State};
use crate::plan::APPS;

/// The format of handover's tables that has the states of a drop.
const FORMAT: i64 = 3;

pub(super) async fn run(context: &Context<'_>, release: &Release) -> Result<(), StageError> {
    let (dialect, ColumnPair { table, from, .. }) = (context.dialect(), context.columns());
    let recorded = context.recorded().await?;
    if recorded.is_some_and(|row| row.state != State::Pending) {
        return Ok(());
    }
    let Some(found) = survey(context).await? else { return Ok(()) };
    wait_until_understood(context, FORMAT).await?;
    let mut relaxed = note::read(context).await?.relaxed;
    if found.needs_relaxing() {
        relaxed = Some(Relaxed { column: found.column.clone(), removed: None });
    }
    let noted = Note {
        schema: found.schema.clone(),
        allowed: context.allowed.to_vec(),
        name: Some(found.column.name.clone()),
        relaxed,
    };
    begin(context, release, &noted).await?;
    let seen = context.seen().await?;
    if found.needs_relaxing() && dialect == Dialect::MariaDb {
        context.step(format!("let `{from}` take NULL")).await;
        steps::relax(context, from, &found.column, None).await?;
    }
    let lock = if found.needs_relaxing() && dialect != Dialect::MariaDb {
        Lock::Everyone
    } else {
        Lock::Rows
    };
    context.step(format!("let inserts leave out `{from}`")).await;
    if lock == Lock::Rows {
        context.enter(lock, &seen, State::Ignored, async |_| Ok(())).await?;
        return Ok(());
    }
    if dialect == Dialect::Postgres {
        context
            .enter(lock, &seen, State::Ignored, async |transaction| {
                steps::drop_not_null(transaction, dialect, table, from).await
            })
            .await?;
        return Ok(());
    }
    context
        .enter(lock, &seen, State::Ignored, async |transaction| {
            let removed = remove_not_null(transaction, table, from).await?;
            let mut noted = noted.clone();
            noted.relaxed =
                noted.relaxed.map(|own| Relaxed { removed: Some(removed.clone()), ..own });
            renew(context, transaction, &noted).await
        })
        .await?;
    Ok(())
}

async fn begin(context: &Context<'_>, release: &Release, note: &Note) -> Result<(), StageError> {
    let change = ChangeRecord {
        name: context.change.name.clone(),
        app: context.app().cloned(),
        kind: context.declared.kind.clone(),
        expand_release: release.clone(),
        state: State::Pending,
        epoch: 0,
        computed_default: None,
        conversion: None,
    };
    let note = serde_json::to_string(note)?;
    let dialect = context.dialect();
    context
        .transaction(Lock::Rows, async |transaction| {
            tables::create_column_uses(transaction, dialect).await?;
            tables::raise_format(transaction, FORMAT).await?;
            Ok(tables::insert_change(transaction, dialect, &change, &note).await?)
        })
        .await
}

async fn renew<C: ConnectionTrait>(
    context: &Context<'_>,
    transaction: &C,
    note: &Note,
) -> Result<(), StageError> {
    let note = serde_json::to_string(note)?;
    Ok(tables::renew_definition(transaction, &context.change.name, &note).await?)
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let seen = context.seen().await?;
    match seen.state {
        State::Pending => return Ok(()),
        State::Ignored => {}
        other => return Err(context.wrong_state(other)),
    }
    if !Names::read(context).await?.has(&context.columns().from) {
        return Err(gone(context));
    }
    let mut noted = note::read(context).await?;
    // Nobody is left whose statements would have to be found.
    let Some(relaxed) = noted.relaxed.take() else {
        context.enter(Lock::Rows, &seen, State::Pending, async |_| Ok(())).await?;
        return Ok(());
    };
    check_can_refuse_null(context, &seen).await?;
    let (dialect, ColumnPair { table, from, .. }) = (context.dialect(), context.columns());
    context.step(format!("NOT NULL on `{from}`")).await;
    let work = async |transaction: &DatabaseTransaction| {
        if let (Dialect::Sqlite, Some(removed)) = (dialect, &relaxed.removed) {
            put_back_not_null(transaction, table, from, removed).await?;
        }
        renew(context, transaction, &noted).await
    };
    if dialect == Dialect::Sqlite {
        context.enter(Lock::Everyone, &seen, State::Pending, work).await?;
        return Ok(());
    }
    steps::set_not_null(context, from, &relaxed.column).await?;
    steps::name_not_null(context, from, &relaxed.column).await?;
    context.enter(Lock::Rows, &seen, State::Pending, work).await?;
    Ok(())
}

/// Refuses if a process leaves the column out, or rows have no value.
async fn check_can_refuse_null(
    context: &Context<'_>,
    seen: &ChangeRecord,
) -> Result<(), StageError> {
    let (connection, dialect) = (context.database.connection(), context.dialect());
    let refuse = |reason: String, hint: String| {
        let columns = context.declared.columns();
        let (table, column) = (columns.table.clone(), columns.from.clone());
        Err(StageError::NotNullAgain { table, column, reason, hint })
    };
    let instances = tables::instances(connection, dialect).await?;
    let uses = tables::column_uses(connection, &context.change.name).await?;
    let named = |process: &Instance| uses.iter().any(|one| one.instance == process.id);
    // Of this run alone: a word that was given before the contract said something else.
    let allowed = context.allowed.iter().any(|given| given == APPS);
    let own = |process: &Instance| process.app == seen.app;
    let leaves_out = |process: &Instance| {
        // The release of another app does not tell what its code does.
        (own(process) && process.release.has_reached(&seen.expand_release))
            || (!own(process) && !allowed && !named(process))
    };
    let without: Vec<&Instance> =
        instances.iter().filter(|process| process.live && leaves_out(process)).collect();
    let all = without.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    if without.iter().any(|process| own(process)) {
        return refuse(
            format!("the code of these processes leaves it out: {all}"),
            "roll the app back to the release before, then run `handover db rollback` again"
                .to_owned(),
        );
    }
    if !without.is_empty() {
        return refuse(
            format!("the code of these processes may leave it out: {all}"),
            format!(
                "if these apps give the column a value in each row that they insert, run `handover db \
                 rollback` again with `--allow {APPS}`"
            ),
        );
    }
    let ColumnPair { table, from, .. } = context.columns();
    let (table, column) = (dialect.quote_table(table), dialect.quote(from));
    let sql = format!("SELECT count(*) FROM {table} WHERE {column} IS NULL");
    let empty: i64 = context
        .reading(async |transaction| Ok(get(transaction, &sql, []).await?.unwrap_or_default()))
        .await?;
    if empty > 0 {
        return refuse(
            format!("{empty} rows have no value in it"),
            format!(
                "give them one: `UPDATE {table} SET {column} = … WHERE {column} IS NULL`, then run \
                 `handover db rollback` again"
            ),
        );
    }
    Ok(())
}
