//! The same statements on both sides, in a transaction that is taken back.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use handover::model::State;
use handover::{ShimError, shim::ShimTransaction};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, Statement, TransactionSession as _,
    TransactionTrait,
};

use super::cell::{class, given};
use super::fault::Fault;
use super::schema::TABLES;
use super::text::{Rendered, Style, Template, render};
use super::torn::{Torn, picked};
use super::world::World;
use crate::support::project::Db;

/// What was counted.
#[derive(Debug, Default)]
pub struct Tally {
    pub cases: usize,
    pub statements: usize,
    pub succeeded: usize,
    pub different: u64,
    /// Unique values that only one side found taken.
    pub by_order: usize,
    /// Why the shim refused, how often, and one of them.
    pub refused: BTreeMap<String, (usize, String)>,
    /// Why both sides failed, likewise.
    pub failed: BTreeMap<String, (usize, String)>,
}

/// A name may be one of several tables' columns.
const AMBIGUOUS: [&str; 3] = ["ambiguous column name", "42702", "1052"];

/// An aggregate where there may be none. In a query of its own within the statement, as a value is
/// that two columns take, SQLite may find something else wrong first.
const AGGREGATE: &str = "misuse of aggregate";

/// Two rows may violate different constraints, or one may have a subquery of several rows, and on PostgreSQL which of them comes first depends
/// on where in the table they lie.
const CONSTRAINTS: [&str; 3] = ["unique", "23502", "21000"];

/// A NOT NULL column is given NULL, or nothing. With a trigger before it, such as the guard, MariaDB
/// puts '' for the first where a subquery is of the same table, and sees the second in upserts.
const BY_TRIGGER: [&str; 2] = ["1048", "1364"];

/// What a statement did: rows with their names, or how many rows, or what kind of error.
#[derive(Debug, PartialEq)]
enum Outcome {
    Rows(Vec<String>, Vec<Vec<String>>),
    Affected(u64),
    Failed(String),
}

/// The side with the shim; or, to see that the test sees it, with a broken one.
enum Sender<'a> {
    Shim(ShimTransaction),
    Broken(DatabaseTransaction, &'a World, Fault),
}

impl Sender<'_> {
    async fn send(&self, rendered: &Rendered, template: &Template) -> Result<Outcome, DbErr> {
        match self {
            Self::Shim(transaction) => outcome(transaction, rendered, template).await,
            Self::Broken(transaction, world, fault) => {
                let broken = fault.rewrite(world, rendered).await?;
                outcome(transaction, &broken, template).await
            }
        }
    }

    async fn physical(&self, table: usize) -> Vec<QueryResult> {
        match self {
            Self::Shim(transaction) => raw(transaction, table).await,
            Self::Broken(transaction, ..) => raw(transaction, table).await,
        }
    }
}

async fn raw(db: &impl ConnectionTrait, table: usize) -> Vec<QueryResult> {
    let sql = format!("SELECT * FROM raw_{}", TABLES[table]);
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap()
}

/// Runs a case on a world; the difference, if there is one.
pub async fn differs(
    world: &World,
    statements: &[Template],
    style: Style,
    fault: Option<Fault>,
    tally: &mut Tally,
) -> Result<(), String> {
    tally.cases += 1;
    let sender = match fault {
        None => Sender::Shim(world.shim.begin().await.unwrap()),
        Some(fault) => Sender::Broken(world.connection.begin().await.unwrap(), world, fault),
    };
    let reference = world.reference.begin().await.unwrap();
    let mut before = Torn::default();
    for table in 0..TABLES.len() {
        before.look(world, table, &sender.physical(table).await);
    }
    let mut result = Ok(());
    for template in statements {
        tally.statements += 1;
        match step(world, template, style, &sender, &reference, &before, tally).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(difference) => {
                result = Err(difference);
                break;
            }
        }
    }
    reference.rollback().await.unwrap();
    match sender {
        Sender::Shim(transaction) => transaction.rollback().await.unwrap(),
        Sender::Broken(transaction, ..) => transaction.rollback().await.unwrap(),
    }
    result
}

/// Whether the order in which rows are changed decides if two of them meet in a unique index.
fn order_decides(db: Db, sql: &str) -> bool {
    match db {
        Db::Postgres => true,
        Db::Mariadb => sql.starts_with("UPDATE"),
        Db::Sqlite => false,
    }
}

/// Sends one statement; whether the two sides are still alike.
async fn step(
    world: &World,
    template: &Template,
    style: Style,
    sender: &Sender<'_>,
    reference: &DatabaseTransaction,
    before: &Torn,
    tally: &mut Tally,
) -> Result<bool, String> {
    let sent = render(&template.text, world, style, true);
    let plain = render(&template.text, world, style, false);
    let found = match sender.send(&sent, template).await {
        Ok(found) => found,
        Err(error) if ShimError::is_refused(&error) || ShimError::is_run_again(&error) => {
            // What fails without the shim is not missed with it.
            let without = reference.begin().await.unwrap();
            let fails = done(&without, &plain, template).await.is_err();
            without.rollback().await.unwrap();
            if !fails {
                note(&mut tally.refused, reason(&error), &sent);
            }
            return Ok(true);
        }
        Err(error) => Outcome::Failed(class(&error)),
    };
    let expected = outcome(reference, &plain, template).await;
    let expected = expected.unwrap_or_else(|error| Outcome::Failed(class(&error)));
    match &expected {
        Outcome::Failed(class) => note(&mut tally.failed, class.clone(), &plain),
        _ => tally.succeeded += 1,
    }
    let same = match (&found, &expected) {
        _ if template.volatile => true,
        // With one table of two names fewer, the shim may know better. The sides now differ.
        (_, Outcome::Failed(class)) if AMBIGUOUS.contains(&class.as_str()) => return Ok(false),
        (Outcome::Failed(_), Outcome::Failed(class)) if class == AGGREGATE => true,
        // Who writes the other name of a column takes it for one that another table may have too.
        (Outcome::Failed(class), _) if sent.mixed && AMBIGUOUS.contains(&class.as_str()) => {
            return Ok(false);
        }
        (Outcome::Failed(class), _) | (_, Outcome::Failed(class))
            if BY_TRIGGER.contains(&class.as_str()) && found != expected =>
        {
            return Ok(false);
        }
        (Outcome::Failed(a), Outcome::Failed(b)) if a != b => {
            [a, b].iter().all(|class| CONSTRAINTS.contains(&class.as_str()))
        }
        // Whether a value is free yet that a later row gives up depends on that order, too. On
        // MariaDB it is that of the index which an UPDATE walks: four of a million statements, one
        // of them sent as it was, byte for byte.
        (Outcome::Failed(class), _) | (_, Outcome::Failed(class))
            if class == "unique" && found != expected && order_decides(world.db, &plain.sql) =>
        {
            tally.by_order += 1;
            return Ok(false);
        }
        // MariaDB counts a row twice when its upsert changes it, as it does one of which only the
        // copy was not yet the same.
        (Outcome::Affected(_), Outcome::Affected(_)) if counts_copies(world, &plain.sql) => true,
        // A mix of names gives a mix of labels.
        (Outcome::Rows(_, a), Outcome::Rows(_, b)) if sent.mixed => a == b,
        (a, b) => a == b,
    };
    let mut difference = String::new();
    if !same {
        let _ = write!(difference, "  shim       {found:?}\n  reference  {expected:?}");
    } else if let Some(table) = template.target {
        difference = left(world, table, template, sender, reference, before).await;
    }
    if difference.is_empty() {
        return Ok(!template.volatile);
    }
    let physical = match world.shim.rewrite(&sent.sql).await {
        Ok(rewritten) => rewritten.sql().to_owned(),
        Err(error) => error.to_string(),
    };
    Err(format!(
        "{}  statement  {}\n  rewritten  {physical}\n  reference  {}\n  values     {:?}\n{difference}",
        world.about, sent.sql, plain.sql, sent.values
    ))
}

fn note(counts: &mut BTreeMap<String, (usize, String)>, reason: String, rendered: &Rendered) {
    let known = counts.entry(reason).or_insert_with(|| (0, rendered.sql.clone()));
    known.0 += 1;
}

/// Within a savepoint on PostgreSQL, for an error aborts a transaction there.
async fn outcome<C>(db: &C, rendered: &Rendered, template: &Template) -> Result<Outcome, DbErr>
where
    C: ConnectionTrait + TransactionTrait,
    C::Transaction: ConnectionTrait,
{
    if ConnectionTrait::get_database_backend(db) != sea_orm::DbBackend::Postgres {
        return done(db, rendered, template).await;
    }
    let savepoint = db.begin().await?;
    match done(&savepoint, rendered, template).await {
        Ok(outcome) => savepoint.commit().await.map(|()| outcome),
        Err(error) => {
            savepoint.rollback().await?;
            Err(error)
        }
    }
}

async fn done(
    db: &impl ConnectionTrait,
    rendered: &Rendered,
    template: &Template,
) -> Result<Outcome, DbErr> {
    let backend = db.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, &rendered.sql, rendered.values.clone());
    if !template.returns {
        return Ok(Outcome::Affected(db.execute_raw(statement).await?.rows_affected()));
    }
    let found = db.query_all_raw(statement).await?;
    // SQLite takes the spelling of a name from the table, or in a subquery from the text; the shim
    // from the table.
    let names = found.first().map(QueryResult::column_names).unwrap_or_default();
    let names = names.iter().map(|name| name.to_lowercase()).collect();
    let mut cells = given(&rendered.sql, &found);
    if !template.ordered {
        cells.sort();
    }
    Ok(Outcome::Rows(names, cells))
}

/// What is wrong with what a write has left behind; nothing, if it is as it should be.
async fn left(
    world: &World,
    table: usize,
    template: &Template,
    sender: &Sender<'_>,
    reference: &DatabaseTransaction,
    before: &Torn,
) -> String {
    let physical = sender.physical(table).await;
    let mut now = Torn::default();
    now.look(world, table, &physical);
    if let Some(torn) = now.beyond(before) {
        return format!("  torn row   {torn}");
    }
    if template.volatile {
        return String::new();
    }
    let sql = format!("SELECT * FROM {}", TABLES[table]);
    let backend = ConnectionTrait::get_database_backend(reference);
    let logical = reference.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let read: Vec<_> = world.schema.of(table).map(|at| world.read(at)).collect();
    let own: Vec<_> = world.schema.of(table).map(|at| world.name(at)).collect();
    let (found, expected) = (picked(&physical, &read), picked(&logical, &own));
    if found == expected {
        return String::new();
    }
    format!("  left       {found:?}\n  should be  {expected:?}")
}

fn counts_copies(world: &World, sql: &str) -> bool {
    // A row that REPLACE puts there as it was counts once, unless there is a trigger.
    world.db == Db::Mariadb
        && (sql.starts_with("REPLACE")
            || world.states.contains(&State::DualWrite) && sql.contains(" ON DUPLICATE KEY"))
}

/// `handover: the statement was not sent: REASON, in TEXT` → `REASON`.
fn reason(error: &DbErr) -> String {
    let text = error.to_string();
    let text = text.split(", in `").next().unwrap_or_default();
    let text = text.rsplit_once("was not sent: ").map_or(text, |(_, reason)| reason);
    text.replace(|char: char| char.is_ascii_digit(), "#").replace("##", "#")
}
