//! The guard: the trigger that refuses writes by which the two columns would differ.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DbErr};

use super::super::stage_error::StageError;
use super::ddl::change_schema;
use crate::database::{Dialect, GUARD_SQLSTATE, execute, get, rows};
use crate::manifest::Checksum;
use crate::model::{Change, Identifier, Side};

/// The prefix of the name of each trigger of a guard.
const GUARD: &str = "zzz_handover_guard_";

/// The conditions of a guard on the row `NEW`.
pub(in crate::migrator) struct Watched {
    /// The two columns do not hold the same value.
    pub differs: String,
    /// The guarded column has another value than in `OLD` (MariaDB).
    pub changed: String,
    /// The guarded column has another value than its default.
    pub left_out: Option<String>,
    /// The rule for the two values, in words.
    pub values: &'static str,
}

/// Puts the guard on one side: from now on a write that sets this column to something other than
/// its twin fails, whoever sends it (docs/explanation/protocol.md, section 1). Doing it twice is harmless.
///
/// On PostgreSQL, putting it on waits for every transaction that has written to the table, so no
/// earlier write can land later. There the guard refuses an update after the row is written, at the
/// end of the statement, and an insert before it is written. Both have a reason. A trigger before
/// updates, even one for another column, would lock every row of the copy first, at a tenth of the
/// copy's time and log. A trigger after inserts would come too late: if the other column is already
/// NOT NULL, the database refuses the row with an error that the shim cannot tell from others. A
/// guard of an earlier release, with both triggers before, is as good. It also fires for sessions
/// that replicate (`session_replication_role`).
pub(in crate::migrator) async fn put_guard_on<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    change: &Change,
    watched: &Watched,
    side: Side,
) -> Result<(), StageError> {
    let rename = change.columns();
    let table = dialect.quote_table(&rename.table);
    let own = dialect.quote(if side == Side::From { &rename.from } else { &rename.to });
    let Watched { differs, changed, left_out, values } = watched;
    let message = dialect.literal(&format!(
        "handover guard: change {} is under way, and a write must set both `{}` and `{}` of `{}`, \
         {values}",
        change.name, rename.from, rename.to, rename.table
    ));
    if dialect == Dialect::Postgres {
        let body = dialect.literal(&format!(
            "BEGIN RAISE EXCEPTION USING ERRCODE = '{GUARD_SQLSTATE}', MESSAGE = {message}; END"
        ));
        let function = function_name(change);
        let sql = format!(
            "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {body}"
        );
        execute(transaction, &sql, []).await?;
    }
    let (insert, update) = trigger_names(change, side);
    let (on_update, when_updated) = if dialect == Dialect::MariaDb {
        // It fires for every column: only the value shows that this one is set.
        ("UPDATE".to_owned(), format!("{changed} AND {differs}"))
    } else {
        (format!("UPDATE OF {own}"), differs.clone())
    };
    let left_out = left_out.as_ref().map(|left_out| format!(" AND {left_out}"));
    let when_inserted =
        format!("NEW.{own} IS NOT NULL AND {differs}{}", left_out.unwrap_or_default());
    let after = if dialect == Dialect::Postgres { "AFTER" } else { "BEFORE" };
    for (name, moment, event, when) in [
        (insert, "BEFORE", "INSERT".to_owned(), when_inserted),
        (update, after, on_update, when_updated),
    ] {
        if is_on(transaction, dialect, change, &name).await? {
            continue;
        }
        let name = trigger(dialect, change, name);
        let sql = match dialect {
            Dialect::Sqlite => format!(
                "CREATE TRIGGER {name} {moment} {event} ON {table} FOR EACH ROW WHEN {when} \
                 BEGIN SELECT RAISE(ABORT, {message}); END"
            ),
            Dialect::MariaDb => format!(
                "CREATE TRIGGER {name} {moment} {event} ON {table} FOR EACH ROW IF {when} THEN \
                 SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = {}; END IF",
                short_message(change, values)
            ),
            Dialect::Postgres => format!(
                "CREATE TRIGGER {name} {moment} {event} ON {table} FOR EACH ROW WHEN ({when}) \
                 EXECUTE FUNCTION {}()",
                function_name(change)
            ),
        };
        change_schema(transaction, dialect, &sql).await?;
        if dialect == Dialect::Postgres {
            let always = format!("ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}");
            execute(transaction, &always, []).await?;
        }
    }
    super::crash_point("put_guard", if side == Side::From { "from" } else { "to" });
    Ok(())
}

/// Takes the guard off one side, if it is on.
pub(in crate::migrator) async fn drop_guard<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    change: &Change,
    side: Side,
) -> Result<(), StageError> {
    let (insert, update) = trigger_names(change, side);
    for name in [insert, update] {
        // PostgreSQL would wait for every reader of the table, even without a trigger to drop.
        if !is_on(transaction, dialect, change, &name).await? {
            continue;
        }
        let name = trigger(dialect, change, name);
        let sql = match dialect {
            Dialect::Sqlite | Dialect::MariaDb => format!("DROP TRIGGER IF EXISTS {name}"),
            Dialect::Postgres => {
                let table = dialect.quote_table(&change.columns().table);
                format!("DROP TRIGGER IF EXISTS {name} ON {table}")
            }
        };
        change_schema(transaction, dialect, &sql).await?;
    }
    Ok(())
}

/// Drops the function behind the guards of a change, once the last guard is off.
pub(in crate::migrator) async fn drop_guard_function<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    change: &Change,
) -> Result<(), StageError> {
    if dialect == Dialect::Postgres {
        let sql = "SELECT n.nspname::text AS schema_name FROM pg_proc p \
                   JOIN pg_namespace n ON n.oid = p.pronamespace \
                   WHERE p.proname = $1 AND p.pronargs = 0 \
                   AND (n.nspname = coalesce($2, n.nspname) OR pg_function_is_visible(p.oid)) \
                   AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgfoid = p.oid)";
        let schema = change.columns().table.schema.as_ref();
        let schema = schema.map(|schema| schema.as_str().to_owned());
        let name = function(change);
        for row in rows(transaction, sql, [name.as_str().into(), schema.into()]).await? {
            let schema = quote(dialect, row.try_get("", "schema_name")?);
            let name = quote(dialect, name.clone());
            execute(transaction, &format!("DROP FUNCTION {schema}.{name}()"), []).await?;
        }
    }
    Ok(())
}

/// Twelve hexadecimal digits of the change's id: a name with it fits every database's limit.
fn tag(change: &Change) -> String {
    let mut tag = Checksum::of(change.name.as_str().as_bytes()).as_str().to_owned();
    tag.truncate(12);
    tag
}

/// The triggers of all guards in the database: the schema of the table, or an empty text if the table
/// is named without one, and the trigger's name.
pub(in crate::migrator) type Guards = HashSet<(String, String)>;

/// Reads all guards, in one query.
pub(in crate::migrator) async fn guards<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Guards, DbErr> {
    let sql = match dialect {
        Dialect::Sqlite => {
            "SELECT '' AS schema_name, name FROM sqlite_schema \
             WHERE type = 'trigger' AND substr(name, 1, 19) = $1"
        }
        Dialect::Postgres => {
            "SELECT '' AS schema_name, tgname::text AS name FROM pg_trigger \
             WHERE left(tgname::text, 19) = $1"
        }
        // Other databases of the server may have a change of the same name.
        Dialect::MariaDb => {
            "SELECT '' AS schema_name, trigger_name AS name FROM information_schema.triggers \
             WHERE trigger_schema = database() AND left(trigger_name, 19) = $1 \
             UNION SELECT trigger_schema, trigger_name FROM information_schema.triggers \
             WHERE left(trigger_name, 19) = $1"
        }
    };
    let found = rows(connection, sql, [GUARD.into()]).await?;
    found
        .iter()
        .map(|row| Ok((row.try_get("", "schema_name")?, row.try_get("", "name")?)))
        .collect()
}

/// Returns true if both triggers of the guard of a change on one side are among these.
pub(in crate::migrator) fn guard_is_among(
    guards: &Guards,
    dialect: Dialect,
    change: &Change,
    side: Side,
) -> bool {
    let schema = change.columns().table.schema.as_ref().filter(|_| dialect == Dialect::MariaDb);
    let schema = schema.map_or_else(String::new, |schema| schema.as_str().to_owned());
    let (insert, update) = trigger_names(change, side);
    guards.contains(&(schema.clone(), insert)) && guards.contains(&(schema, update))
}

/// Returns true if a trigger of that name is on the table.
async fn is_on<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    change: &Change,
    name: &str,
) -> Result<bool, DbErr> {
    let sql = match dialect {
        Dialect::Sqlite => {
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = $1 \
             AND $2 <> '')"
        }
        Dialect::MariaDb => {
            let schema = change.columns().table.schema.as_ref();
            let schema = schema.map(|schema| schema.as_str().to_owned());
            let sql = "SELECT EXISTS (SELECT 1 FROM information_schema.triggers \
                       WHERE trigger_schema = coalesce($1, database()) AND trigger_name = $2)";
            return Ok(get::<bool, _, _>(transaction, sql, [schema.into(), name.into()])
                .await?
                .unwrap_or(false));
        }
        Dialect::Postgres => {
            "SELECT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = $1 \
             AND tgrelid = to_regclass($2))"
        }
    };
    let values = [name.into(), dialect.quote_table(&change.columns().table).into()];
    Ok(get::<bool, _, _>(transaction, sql, values).await?.unwrap_or(false))
}

/// The message for MariaDB, which limits its length.
fn short_message(change: &Change, values: &str) -> String {
    const LIMIT: usize = 128;
    let rename = change.columns();
    let message = format!(
        "handover guard: set both `{}` and `{}` of `{}`, {values} (change {})",
        rename.from, rename.to, rename.table, change.name
    );
    Dialect::MariaDb.literal(&message.chars().take(LIMIT).collect::<String>())
}

/// The trigger in SQL. MariaDB looks for it in the current database, not in that of its table.
fn trigger(dialect: Dialect, change: &Change, name: String) -> String {
    let name = quote(dialect, name);
    match &change.columns().table.schema {
        Some(schema) if dialect == Dialect::MariaDb => format!("{}.{name}", dialect.quote(schema)),
        _ => name,
    }
}

fn quote(dialect: Dialect, name: String) -> String {
    Identifier::new(name).map(|name| dialect.quote(&name)).unwrap_or_default()
}

fn function(change: &Change) -> String {
    format!("handover_guard_{}", tag(change))
}

/// The function in SQL, in the schema of the table.
fn function_name(change: &Change) -> String {
    let name = quote(Dialect::Postgres, function(change));
    match &change.columns().table.schema {
        Some(schema) => format!("{}.{name}", Dialect::Postgres.quote(schema)),
        None => name,
    }
}

/// The names of the guard's two triggers. PostgreSQL fires triggers in the order of their names: with
/// `zzz`, the guard sees the row as the app's own triggers have left it. MariaDB fires them in the order
/// in which they were made, so the guard comes after the app's, too.
fn trigger_names(change: &Change, side: Side) -> (String, String) {
    let side = if side == Side::From { "from" } else { "to" };
    let name = |event: &str| format!("{GUARD}{}_{side}_{event}", tag(change));
    (name("insert"), name("update"))
}
