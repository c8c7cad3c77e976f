use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DbErr};

use super::super::stage_error::StageError;
use super::compare::distinct;
use super::ddl::change_schema;
use crate::database::catalog::Column;
use crate::database::{Dialect, GUARD_SQLSTATE, execute, get, rows};
use crate::manifest::Checksum;
use crate::model::{Change, Identifier, Side};

/// What the name of each trigger of a guard begins with.
const GUARD: &str = "zzz_handover_guard_";

/// Puts the guard on one side: from now on a write that sets this column to something other than
/// its twin fails, whoever sends it (docs/explanation/protocol.md, section 1). Twice is harmless.
///
/// On PostgreSQL putting it on waits for every transaction that has written to the table, so no
/// write from before can land after. There it refuses an update once the row is written, at the end
/// of the statement, and an insert before. A trigger before updates, even one that is not for the
/// column, has every row of the copy locked first, at a tenth of the copy's time and log; one after
/// inserts comes too late: where the other column is NOT NULL already, the database refuses the row
/// for that, which says nothing to the shim. A guard of an earlier release, before either, is as
/// good a guard. It is on for whoever replicates too (`session_replication_role`).
pub(in crate::migrator) async fn put_guard<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    change: &Change,
    column: &Column,
    side: Side,
) -> Result<(), StageError> {
    let rename = change.rename();
    let (own, twin) = match side {
        Side::From => (&rename.from, &rename.to),
        Side::To => (&rename.to, &rename.from),
    };
    let own = dialect.quote(own);
    let differs =
        distinct(dialect, column, &format!("NEW.{own}"), &format!("NEW.{}", dialect.quote(twin)));
    let table = dialect.quote_table(&rename.table);
    let message = dialect.literal(&format!(
        "handover guard: change {} is under way, and a write must set both `{}` and `{}` of `{}`, \
         to the same value",
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
    let (on_update, when_updated) = if dialect == Dialect::Mysql {
        // It fires for every column: whether this one is set shows only in its value.
        let changed = distinct(dialect, column, &format!("NEW.{own}"), &format!("OLD.{own}"));
        ("UPDATE".to_owned(), format!("{changed} AND {differs}"))
    } else {
        (format!("UPDATE OF {own}"), differs.clone())
    };
    let default = (side == Side::To).then(|| default_of(dialect, column)).flatten();
    let left_out = default.map(|default| {
        format!(" AND {}", distinct(dialect, column, &format!("NEW.{own}"), &default))
    });
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
            Dialect::Mysql => format!(
                "CREATE TRIGGER {name} {moment} {event} ON {table} FOR EACH ROW IF {when} THEN \
                 SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = {}; END IF",
                short_message(change)
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

/// The default of the column, as a value to compare with. On the way back `to` is still guarded when
/// inserts leave it out already: what it gets then is nobody's write.
fn default_of(dialect: Dialect, column: &Column) -> Option<String> {
    let default = column.default.as_deref()?;
    match dialect {
        Dialect::Postgres => Some(format!("CAST({default} AS {})", column.sql_type)),
        Dialect::Mysql => Some(default.to_owned()),
        // There a default may be a bare word, which elsewhere is the name of a column.
        Dialect::Sqlite => {
            let literal = |c: char| c == '\'' || c == '-' || c.is_ascii_digit();
            default.starts_with(literal).then(|| default.to_owned())
        }
    }
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
        // PostgreSQL would wait for every reader of the table, only to find no trigger to drop.
        if !is_on(transaction, dialect, change, &name).await? {
            continue;
        }
        let name = trigger(dialect, change, name);
        let sql = match dialect {
            Dialect::Sqlite | Dialect::Mysql => format!("DROP TRIGGER IF EXISTS {name}"),
            Dialect::Postgres => {
                let table = dialect.quote_table(&change.rename().table);
                format!("DROP TRIGGER IF EXISTS {name} ON {table}")
            }
        };
        change_schema(transaction, dialect, &sql).await?;
    }
    Ok(())
}

/// Drops the function behind the guards of a change, after the last of them.
pub(in crate::migrator) async fn drop_guard_function<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    change: &Change,
) -> Result<(), StageError> {
    if dialect == Dialect::Postgres {
        let sql = "SELECT n.nspname::text AS place FROM pg_proc p \
                   JOIN pg_namespace n ON n.oid = p.pronamespace \
                   WHERE p.proname = $1 AND p.pronargs = 0 \
                   AND (n.nspname = coalesce($2, n.nspname) OR pg_function_is_visible(p.oid)) \
                   AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgfoid = p.oid)";
        let schema = change.rename().table.schema.as_ref();
        let schema = schema.map(|schema| schema.as_str().to_owned());
        let name = function(change);
        for row in rows(transaction, sql, [name.as_str().into(), schema.into()]).await? {
            let schema = quote(dialect, row.try_get("", "place")?);
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

/// The triggers of every guard that the database has: the schema of the table where it is named with
/// one, else nothing, and the trigger's name.
pub(in crate::migrator) type Guards = HashSet<(String, String)>;

/// All guards, at one look.
pub(in crate::migrator) async fn guards<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Guards, DbErr> {
    let sql = match dialect {
        Dialect::Sqlite => {
            "SELECT '' AS place, name FROM sqlite_schema \
             WHERE type = 'trigger' AND substr(name, 1, 19) = $1"
        }
        Dialect::Postgres => {
            "SELECT '' AS place, tgname::text AS name FROM pg_trigger \
             WHERE left(tgname::text, 19) = $1"
        }
        // Other databases of the server may have a change of the same name.
        Dialect::Mysql => {
            "SELECT '' AS place, trigger_name AS name FROM information_schema.triggers \
             WHERE trigger_schema = database() AND left(trigger_name, 19) = $1 \
             UNION SELECT trigger_schema, trigger_name FROM information_schema.triggers \
             WHERE left(trigger_name, 19) = $1"
        }
    };
    let found = rows(connection, sql, [GUARD.into()]).await?;
    found.iter().map(|row| Ok((row.try_get("", "place")?, row.try_get("", "name")?))).collect()
}

/// Whether the guard of a change is among these on one side: both its triggers.
pub(in crate::migrator) fn guard_is_among(
    guards: &Guards,
    dialect: Dialect,
    change: &Change,
    side: Side,
) -> bool {
    let schema = change.rename().table.schema.as_ref().filter(|_| dialect == Dialect::Mysql);
    let place = schema.map_or_else(String::new, |schema| schema.as_str().to_owned());
    let (insert, update) = trigger_names(change, side);
    guards.contains(&(place.clone(), insert)) && guards.contains(&(place, update))
}

/// Whether a trigger of that name is on the table.
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
        Dialect::Mysql => {
            let schema = change.rename().table.schema.as_ref();
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
    let values = [name.into(), dialect.quote_table(&change.rename().table).into()];
    Ok(get::<bool, _, _>(transaction, sql, values).await?.unwrap_or(false))
}

/// MariaDB takes no longer text than this.
fn short_message(change: &Change) -> String {
    const LIMIT: usize = 128;
    let rename = change.rename();
    let message = format!(
        "handover guard: set both `{}` and `{}` of `{}`, to the same value (change {})",
        rename.from, rename.to, rename.table, change.name
    );
    Dialect::Mysql.literal(&message.chars().take(LIMIT).collect::<String>())
}

/// The trigger in SQL. MariaDB looks for it in the present database, not in that of its table.
fn trigger(dialect: Dialect, change: &Change, name: String) -> String {
    let name = quote(dialect, name);
    match &change.rename().table.schema {
        Some(schema) if dialect == Dialect::Mysql => format!("{}.{name}", dialect.quote(schema)),
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
    match &change.rename().table.schema {
        Some(schema) => format!("{}.{name}", Dialect::Postgres.quote(schema)),
        None => name,
    }
}

/// MariaDB runs triggers in the order in which they were made, so the guard comes after the app's.
/// PostgreSQL runs triggers in the order of their names; `zzz` lets the guard see what the app's
/// own triggers made of the row.
fn trigger_names(change: &Change, side: Side) -> (String, String) {
    let side = if side == Side::From { "from" } else { "to" };
    let name = |event: &str| format!("{GUARD}{}_{side}_{event}", tag(change));
    (name("insert"), name("update"))
}
