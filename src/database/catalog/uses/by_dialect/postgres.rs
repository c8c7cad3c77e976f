//! Reads functions, triggers, rules, publications and foreign keys of PostgreSQL.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::database::catalog::uses::foreign_key::{Action, ForeignKey};
use crate::database::catalog::uses::object::{Kind, Object};
use crate::database::catalog::uses::problem::{Problem, Use};
use crate::database::catalog::uses::stored_code::{Body, problems};
use crate::database::catalog::uses::subject::Subject;
use crate::database::catalog::uses::trigger::{AppTrigger, Enabled, Event, GUARD, Timing};
use crate::database::{Dialect, get, rows};
use crate::model::TableName;

/// Every function and procedure whose body is a text that may use the table (`$1`), except those of
/// the system and of extensions. A function with an SQL-standard body has no text: the catalog
/// knows its dependencies.
const FUNCTIONS: &str = "\
    SELECT n.nspname, p.proname, p.prokind::text AS kind, p.prosrc, l.lanname, a.own_trigger, \
    a.has_row, a.returns_row, (SELECT coalesce(string_agg(format_type(u.type, NULL), ', ' \
    ORDER BY u.n), '') FROM unnest(p.proargtypes) WITH ORDINALITY AS u(type, n)) AS arguments \
    FROM pg_class c CROSS JOIN pg_proc p \
    JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang \
    CROSS JOIN LATERAL (SELECT p.prorettype = c.reltype AS returns_row, \
    p.prorettype IN (c.reltype, r.typarray) OR c.reltype = ANY (t.types) \
    OR r.typarray = ANY (t.types) AS has_row, \
    EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = c.oid AND tgfoid = p.oid) AS own_trigger \
    FROM pg_type r, (SELECT coalesce(p.proallargtypes, p.proargtypes::oid[]) AS types) AS t \
    WHERE r.oid = c.reltype) AS a \
    WHERE c.oid = to_regclass($1) AND p.prosrc <> '' AND l.lanname NOT IN ('c', 'internal') \
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_temp\\_%' \
    AND p.proname NOT LIKE 'handover\\_guard\\_%' \
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass \
    AND d.objid = p.oid AND d.deptype = 'e') \
    AND (a.own_trigger OR a.has_row OR strpos(lower(p.prosrc), lower(c.relname)) > 0 \
    OR strpos(p.prosrc, quote_ident(c.relname)) > 0) \
    ORDER BY n.nspname, p.proname, arguments";

/// Every trigger of the table that is not internal, with its arguments.
const TRIGGERS: &str = "\
    SELECT n.nspname, c.relname, t.tgname, t.tgtype::int AS type, t.tgenabled::text AS enabled, \
    t.tgargs, f.pronamespace = 'pg_catalog'::regnamespace AS of_system, \
    (SELECT coalesce(json_agg(a.attname), '[]')::text FROM pg_attribute a \
    WHERE a.attrelid = c.oid AND a.attnum = ANY (t.tgattr)) AS columns \
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_proc f ON f.oid = t.tgfoid \
    WHERE c.oid = to_regclass($1) AND NOT t.tgisinternal ORDER BY t.tgname";

pub(super) async fn uses<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
    subject: Subject,
) -> Result<Vec<Use>, DbErr> {
    let namesakes = "SELECT count(*) > 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                     WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
                     AND n.nspname NOT IN ('pg_catalog', 'information_schema') \
                     AND n.nspname NOT LIKE 'pg\\_temp\\_%'";
    let has_namesakes = get(connection, namesakes, [subject.table.as_str().into()]).await?;
    let sharers = sharers(connection, table, &subject).await?;
    let subject = Subject { has_namesakes: has_namesakes.unwrap_or(false), sharers, ..subject };
    let mut found = Vec::new();
    for row in rows(connection, FUNCTIONS, [quoted(table)]).await? {
        found.extend(uses_of_function(&subject, &row)?);
    }
    for row in rows(connection, TRIGGERS, [quoted(table)]).await? {
        let arguments: Vec<u8> = row.try_get("", "tgargs")?;
        let column = subject.from.as_bytes();
        if arguments.split(|byte| *byte == 0).any(|argument| argument == column) {
            let problem = Problem::Names { column: subject.column() };
            let certain: bool = row.try_get("", "of_system")?;
            found.push(Use { object: trigger_object(&row)?, problem, certain });
        }
    }
    Ok(found)
}

async fn sharers<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
    subject: &Subject,
) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT DISTINCT c.relname::text AS name FROM pg_attribute a \
               JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE a.attname IN ($2, $3) AND NOT a.attisdropped AND c.oid <> to_regclass($1) \
               AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
               AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";
    let values = [quoted(table), subject.from.as_str().into(), subject.to.as_str().into()];
    rows(connection, sql, values).await?.iter().map(|row| row.try_get("", "name")).collect()
}

fn uses_of_function(subject: &Subject, row: &QueryResult) -> Result<Vec<Use>, DbErr> {
    let text: String = row.try_get("", "prosrc")?;
    let language: String = row.try_get("", "lanname")?;
    let is_sql = ["sql", "plpgsql"].contains(&language.as_str());
    let body = Body {
        own_trigger: row.try_get("", "own_trigger")?,
        has_row: row.try_get("", "has_row")?,
        returns_row: row.try_get("", "returns_row")?,
        reading: is_sql.then(|| subject.reading()),
        ..Body::new(subject, &text)
    };
    let (schema, name): (String, String) =
        (row.try_get("", "nspname")?, row.try_get("", "proname")?);
    let kind =
        if row.try_get::<String>("", "kind")? == "p" { Kind::Procedure } else { Kind::Function };
    let arguments = Some(row.try_get("", "arguments")?);
    let object = Object { arguments, ..Object::new(kind, Some(&schema), &name) };
    let found = problems(subject, body);
    let used = |(problem, certain)| Use { object: object.clone(), problem, certain };
    Ok(found.into_iter().map(used).collect())
}

fn trigger_object(row: &QueryResult) -> Result<Object, DbErr> {
    let text = |column: &str| row.try_get::<String>("", column);
    Ok(Object::on(Kind::Trigger, Some(&text("nspname")?), &text("relname")?, &text("tgname")?))
}

pub(super) async fn triggers<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
) -> Result<Vec<AppTrigger>, DbErr> {
    let mut found = Vec::new();
    for row in rows(connection, TRIGGERS, [quoted(table)]).await? {
        let object = trigger_object(&row)?;
        if object.name.starts_with(GUARD) {
            continue;
        }
        // The bits of `tgtype`: 1 for each row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate,
        // 64 instead.
        let bits: i32 = row.try_get("", "type")?;
        let events =
            [(4, Event::Insert), (8, Event::Delete), (16, Event::Update), (32, Event::Truncate)];
        let columns: String = row.try_get("", "columns")?;
        found.push(AppTrigger {
            object,
            timing: match bits & 0b100_0010 {
                0b10 => Timing::Before,
                0 => Timing::After,
                _ => Timing::Instead,
            },
            events: events.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, e)| *e).collect(),
            columns: listed(&columns)?,
            enabled: enabled(&row)?,
        });
    }
    found.extend(rules(connection, table).await?);
    Ok(found)
}

async fn rules<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
) -> Result<Vec<AppTrigger>, DbErr> {
    let sql = "SELECT n.nspname, c.relname, r.rulename, r.ev_type::text AS event, r.is_instead, \
               r.ev_enabled::text AS enabled FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class \
               JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE c.oid = to_regclass($1) AND r.ev_type <> '1' ORDER BY r.rulename";
    let mut found = Vec::new();
    for row in rows(connection, sql, [quoted(table)]).await? {
        let text = |column: &str| row.try_get::<String>("", column);
        let (schema, table) = (text("nspname")?, text("relname")?);
        let instead: bool = row.try_get("", "is_instead")?;
        found.push(AppTrigger {
            object: Object::on(Kind::Rule, Some(&schema), &table, &text("rulename")?),
            timing: if instead { Timing::Instead } else { Timing::Before },
            events: vec![match text("event")?.as_str() {
                "2" => Event::Update,
                "3" => Event::Insert,
                _ => Event::Delete,
            }],
            columns: Vec::new(),
            enabled: enabled(&row)?,
        });
    }
    Ok(found)
}

fn enabled(row: &QueryResult) -> Result<Enabled, DbErr> {
    Ok(match row.try_get::<String>("", "enabled")?.as_str() {
        "D" => Enabled::Disabled,
        "R" => Enabled::Replica,
        "A" => Enabled::Always,
        _ => Enabled::Origin,
    })
}

pub(super) async fn foreign_keys<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
) -> Result<Vec<ForeignKey>, DbErr> {
    // PostgreSQL before 15 does not have `confdelsetcols`.
    let sql = "SELECT k.conname, k.confdeltype::text AS on_delete, k.confupdtype::text AS on_update, \
               (SELECT json_agg(a.attname ORDER BY u.n)::text \
               FROM unnest(k.conkey) WITH ORDINALITY AS u(num, n) \
               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num) AS columns, \
               (SELECT coalesce(json_agg(a.attname), '[]')::text FROM pg_attribute a \
               WHERE a.attrelid = k.conrelid \
               AND to_jsonb(k) -> 'confdelsetcols' @> to_jsonb(a.attnum)) AS set_on_delete \
               FROM pg_constraint k WHERE k.conrelid = to_regclass($1) AND k.contype = 'f' \
               ORDER BY k.conname";
    let mut found = Vec::new();
    for row in rows(connection, sql, [quoted(table)]).await? {
        let text = |column: &str| row.try_get::<String>("", column);
        found.push(ForeignKey {
            name: text("conname")?,
            columns: listed(&text("columns")?)?,
            on_delete: Action::read(&text("on_delete")?),
            on_update: Action::read(&text("on_update")?),
            set_on_delete: listed(&text("set_on_delete")?)?,
        });
    }
    Ok(found)
}

/// Reads the names in a JSON list that the database has built.
fn listed(json: &str) -> Result<Vec<String>, DbErr> {
    serde_json::from_str(json).map_err(|error| DbErr::Json(error.to_string()))
}

fn quoted(table: &TableName) -> sea_orm::Value {
    Dialect::Postgres.quote_table(table).into()
}
