//! Reads routines, events, triggers and foreign keys of MariaDB.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::database::catalog::mariadb::{of, values};
use crate::database::catalog::uses::foreign_key::{Action, ForeignKey};
use crate::database::catalog::uses::object::{Kind, Object};
use crate::database::catalog::uses::problem::{Problem, Use};
use crate::database::catalog::uses::stored_code::{Body, Reading, problems};
use crate::database::catalog::uses::subject::Subject;
use crate::database::catalog::uses::trigger::{AppTrigger, Enabled, Event, GUARD, Timing};
use crate::database::rows;
use crate::model::TableName;

/// Every body of a routine, event or trigger that the user may see, in all databases except the
/// server's own. A body is NULL if the user may see only the name.
const BODIES: &str = "\
    SELECT routine_schema AS home, routine_type AS kind, NULL AS of_table, routine_name AS name, \
    routine_definition AS body, sql_mode AS mode FROM information_schema.routines \
    WHERE routine_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema') \
    UNION ALL \
    SELECT event_schema, 'EVENT', NULL, event_name, event_definition, sql_mode \
    FROM information_schema.events WHERE event_schema NOT IN ('mysql', 'sys') \
    UNION ALL \
    SELECT trigger_schema, 'TRIGGER', event_object_table, trigger_name, action_statement, sql_mode \
    FROM information_schema.triggers WHERE trigger_schema NOT IN ('mysql', 'sys') \
    ORDER BY home, kind, of_table, name";

pub(super) async fn uses<C: ConnectionTrait>(
    connection: &C,
    subject: &Subject,
) -> Result<Vec<Use>, DbErr> {
    let subject = &Subject { sharers: sharers(connection, subject).await?, ..subject.clone() };
    let mut found = Vec::new();
    for row in rows(connection, BODIES, []).await? {
        let home: String = row.try_get("", "home")?;
        let object = object(&row, &home)?;
        if object.kind == Kind::Trigger && object.name.starts_with(GUARD) {
            continue;
        }
        let Some(text) = row.try_get::<Option<String>>("", "body")? else {
            found.push(Use::possible(object, Problem::Unreadable));
            continue;
        };
        let mode: Option<String> = row.try_get("", "mode")?;
        let ansi_quotes = mode.is_some_and(|mode| mode.contains("ANSI_QUOTES"));
        let own = object.table.as_ref().is_some_and(|table| {
            subject.same_table(table, &subject.table) && subject.same_table(&home, &subject.schema)
        });
        let body = Body {
            home: Some(&home),
            own_trigger: own,
            reading: Some(Reading { ansi_quotes, ..subject.reading() }),
            ..Body::new(subject, &text)
        };
        for (problem, certain) in problems(subject, body) {
            found.push(Use { object: object.clone(), problem, certain });
        }
    }
    Ok(found)
}

async fn sharers<C: ConnectionTrait>(
    connection: &C,
    subject: &Subject,
) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT DISTINCT table_name AS name FROM information_schema.columns \
               WHERE lower(column_name) IN (lower($3), lower($4)) \
               AND NOT (table_schema = $1 AND table_name = $2) ORDER BY 1";
    let Subject { schema, table, from, to, .. } = subject;
    let values = [schema, table, from, to].map(|value| value.as_str().into());
    rows(connection, sql, values).await?.iter().map(|row| row.try_get("", "name")).collect()
}

fn object(row: &QueryResult, home: &str) -> Result<Object, DbErr> {
    let kind: String = row.try_get("", "kind")?;
    let name: String = row.try_get("", "name")?;
    let kind = match kind.as_str() {
        "FUNCTION" => Kind::Function,
        "PROCEDURE" => Kind::Procedure,
        "EVENT" => Kind::Event,
        "TRIGGER" => Kind::Trigger,
        _ => Kind::Package,
    };
    let table: Option<String> = row.try_get("", "of_table")?;
    Ok(Object { table, ..Object::new(kind, Some(home), &name) })
}

pub(super) async fn triggers<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
) -> Result<Vec<AppTrigger>, DbErr> {
    let sql = format!(
        "SELECT event_object_schema AS home, event_object_table AS of_table, trigger_name AS name, \
         action_timing AS timing, event_manipulation AS event FROM information_schema.triggers \
         WHERE {} ORDER BY event_manipulation, action_timing, action_order",
        of("event_object_schema", "event_object_table")
    );
    let mut found = Vec::new();
    for row in rows(connection, &sql, values(table)).await? {
        let text = |column: &str| row.try_get::<String>("", column);
        let name = text("name")?;
        if name.starts_with(GUARD) {
            continue;
        }
        let (timing, event) = (text("timing")?, text("event")?);
        found.push(AppTrigger {
            object: Object::on(Kind::Trigger, Some(&text("home")?), &text("of_table")?, &name),
            timing: if timing == "BEFORE" { Timing::Before } else { Timing::After },
            events: vec![match event.as_str() {
                "INSERT" => Event::Insert,
                "DELETE" => Event::Delete,
                _ => Event::Update,
            }],
            columns: Vec::new(),
            enabled: Enabled::Origin,
        });
    }
    Ok(found)
}

pub(super) async fn foreign_keys<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
) -> Result<Vec<ForeignKey>, DbErr> {
    let sql = format!(
        "SELECT k.constraint_name AS name, k.column_name AS part, r.delete_rule AS on_delete, \
         r.update_rule AS on_update FROM information_schema.key_column_usage k \
         JOIN information_schema.referential_constraints r \
         ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name \
         AND r.table_name = k.table_name WHERE {} \
         ORDER BY k.constraint_name, k.ordinal_position",
        of("k.table_schema", "k.table_name")
    );
    let mut found: Vec<ForeignKey> = Vec::new();
    for row in rows(connection, &sql, values(table)).await? {
        let text = |column: &str| row.try_get::<String>("", column);
        let (name, part) = (text("name")?, text("part")?);
        match found.last_mut().filter(|last| last.name == name) {
            Some(last) => last.columns.push(part),
            None => found.push(ForeignKey {
                name,
                columns: vec![part],
                on_delete: Action::read(&text("on_delete")?),
                on_update: Action::read(&text("on_update")?),
                set_on_delete: Vec::new(),
            }),
        }
    }
    Ok(found)
}
