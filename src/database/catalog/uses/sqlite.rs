use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};

use super::body::{Body, problems};
use super::foreign_key::{Action, ForeignKey};
use super::names::{Setting, Sure, names_column, names_table};
use super::object::{Kind, Object};
use super::outputs::Facts;
use super::pieces::Piece;
use super::problem::{Problem, Use};
use super::statement::statements;
use super::subject::Subject;
use super::trigger::{AppTrigger, Enabled, Event, GUARD, Timing};
use super::view::Schema;
use super::virtual_table::{External, external, is_virtual};
use crate::database::{Dialect, plain, rows};
use crate::model::{Identifier, TableName};

/// An object as SQLite's catalog stores it.
struct Made {
    kind: String,
    name: String,
    table: String,
    sql: String,
    pieces: Vec<Piece>,
}

/// The tables and views of the schema, and those that cannot be used.
struct Found<'a> {
    schema: Schema<'a>,
    /// The views and virtual tables that cannot be used, by name, each with SQLite's error.
    broken: BTreeMap<String, String>,
}

pub(super) async fn uses<C: ConnectionTrait>(
    connection: &C,
    subject: &Subject,
) -> Result<Vec<Use>, DbErr> {
    let made = made(connection, &subject.schema).await?;
    let found = look(connection, subject, &made).await?;
    let mut uses = Vec::new();
    for object in &made {
        match object.kind.as_str() {
            "view" => uses.extend(of_view(&found, object)),
            "trigger" => uses.extend(of_trigger(&found, object)),
            _ => uses.extend(of_index(&found, object)),
        }
    }
    Ok(uses)
}

/// Reads every object with a statement, ordered by kind and name, except handover's own triggers.
async fn made<C: ConnectionTrait>(connection: &C, schema: &str) -> Result<Vec<Made>, DbErr> {
    let sql = format!(
        "SELECT type AS kind, name, tbl_name, sql FROM {}.sqlite_schema \
         WHERE sql IS NOT NULL AND type <> 'index' AND substr(name, 1, {}) <> '{GUARD}' \
         ORDER BY type, name",
        quote(schema),
        GUARD.len()
    );
    let reading = super::pieces::Reading::of(Dialect::Sqlite);
    let read = |row: &sea_orm::QueryResult| {
        let sql: String = row.try_get("", "sql")?;
        Ok(Made {
            kind: row.try_get("", "kind")?,
            name: row.try_get("", "name")?,
            table: row.try_get("", "tbl_name")?,
            pieces: reading.pieces(&sql).unwrap_or_else(|| reading.words(&sql)),
            sql,
        })
    };
    rows(connection, &sql, []).await?.iter().map(read).collect()
}

/// Asks SQLite for the columns of every table and view. For a view, SQLite has to understand its
/// statement; for a virtual table, it needs the module.
async fn look<'a, C: ConnectionTrait>(
    connection: &C,
    subject: &'a Subject,
    made: &[Made],
) -> Result<Found<'a>, DbErr> {
    let mut schema = Schema { subject, tables: BTreeMap::new(), views: BTreeMap::new() };
    let mut broken = BTreeMap::new();
    for object in made.iter().filter(|object| object.kind != "trigger") {
        let is_view = object.kind == "view";
        let sql = "SELECT name FROM pragma_table_xinfo($1, $2) WHERE hidden <> 1 ORDER BY cid";
        let values = [object.name.as_str().into(), subject.schema.as_str().into()];
        let key = object.name.to_lowercase();
        match rows(connection, sql, values).await {
            Ok(found) if !is_view => {
                let names = found.iter().map(|row| row.try_get("", "name"));
                schema.tables.insert(key.clone(), names.collect::<Result<_, _>>()?);
            }
            Ok(_) => {}
            Err(error) if is_view || is_virtual(&object.pieces) => {
                broken.insert(key.clone(), plain(&error.to_string()));
            }
            Err(error) => return Err(error),
        }
        if is_view {
            schema.views.insert(key, object.sql.clone());
        }
    }
    Ok(Found { schema, broken })
}

fn of_view(found: &Found, view: &Made) -> Vec<Use> {
    let subject = found.schema.subject;
    let object = Object::new(Kind::View, None, &view.name);
    if let Some(reason) = found.broken.get(&view.name.to_lowercase()) {
        return vec![Use::certain(object, Problem::Broken { reason: reason.clone() })];
    }
    let Some(facts) = found.schema.view(&view.name) else {
        let setting = setting(subject);
        let names = names_table(setting, &view.pieces) != Sure::No
            && names_column(setting, &view.pieces) != Sure::No;
        let problem = Problem::Names { column: subject.column() };
        return names.then(|| Use::possible(object, problem)).into_iter().collect();
    };
    let mut uses = Vec::new();
    for output in facts.outputs {
        if let Some(becomes) = output.becomes {
            let problem = Problem::ChangesOutput { output: output.name, becomes };
            uses.push(Use::certain(object.clone(), problem));
        }
    }
    if facts.reads_all {
        let problem = Problem::ReadsAllColumns { table: subject.table.clone() };
        uses.push(Use::certain(object.clone(), problem));
    }
    for (relation, output) in facts.names {
        uses.push(Use::certain(object.clone(), Problem::NamesOutput { relation, output }));
    }
    uses
}

fn of_trigger(found: &Found, trigger: &Made) -> Vec<Use> {
    let subject = found.schema.subject;
    let object = Object::on(Kind::Trigger, None, &trigger.table, &trigger.name);
    let own_trigger = subject.same_table(&trigger.table, &subject.table);
    let body = Body { own_trigger, ..Body::new(subject, &trigger.sql) };
    let used = |(problem, certain)| Use { object: object.clone(), problem, certain };
    let mut uses: Vec<Use> = problems(subject, body).into_iter().map(used).collect();
    for (view, facts) in changing_views(found) {
        for output in facts.outputs.iter().filter(|output| output.becomes.is_some()) {
            let of_view =
                Subject { table: view.clone(), from: output.name.clone(), ..subject.clone() };
            let own_trigger = subject.same_table(&trigger.table, &view);
            let setting = Setting { own_trigger, ..setting(&of_view) };
            let sure = statements(&trigger.pieces).map(|part| names_column(setting, part)).max();
            if sure.is_some_and(|sure| sure != Sure::No) {
                let (relation, output) = (view.clone(), output.name.clone());
                let certain = sure == Some(Sure::Yes);
                let problem = Problem::NamesOutput { relation, output };
                uses.push(Use { object: object.clone(), problem, certain });
            }
        }
    }
    for (name, reason) in &found.broken {
        let other = Subject { table: name.clone(), ..subject.clone() };
        if names_table(setting(&other), &trigger.pieces) != Sure::No {
            uses.push(Use::certain(object.clone(), Problem::Broken { reason: reason.clone() }));
        }
    }
    uses
}

/// The views with a column whose name would change.
fn changing_views<'f>(found: &'f Found) -> impl Iterator<Item = (String, Facts)> + 'f {
    let views = found.schema.views.keys();
    let facts = views.filter_map(|name| Some((name.clone(), found.schema.view(name)?)));
    facts.filter(|(_, facts)| facts.outputs.iter().any(|output| output.becomes.is_some()))
}

/// A full-text index that takes its text from the table, or from a view with a column whose name
/// changes.
fn of_index(found: &Found, index: &Made) -> Option<Use> {
    let subject = found.schema.subject;
    let External { content, columns } = external(&index.sql)?;
    let column = if subject.same_table(&content, &subject.table) {
        subject.from.clone()
    } else {
        let facts = found.schema.view(&content)?;
        facts.outputs.into_iter().find(|output| output.becomes.is_some())?.name
    };
    let reads = columns.is_empty() || columns.iter().any(|own| own.eq_ignore_ascii_case(&column));
    let object = Object::new(Kind::VirtualTable, None, &index.name);
    let problem = Problem::IndexesContent { column: format!("{content}.{column}") };
    reads.then(|| Use::certain(object, problem))
}

fn setting(subject: &Subject) -> Setting<'_> {
    let (own_trigger, has_row, derives, in_text) = (false, false, false, false);
    Setting { subject, home: None, own_trigger, has_row, derives, in_text }
}

pub(super) async fn triggers<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
) -> Result<Vec<AppTrigger>, DbErr> {
    let schema = table.schema.as_ref().map_or("main", Identifier::as_str);
    let made = made(connection, schema).await?;
    let of_table = made.iter().filter(|object| {
        object.kind == "trigger" && object.table.eq_ignore_ascii_case(table.name.as_str())
    });
    Ok(of_table.map(app_trigger).collect())
}

/// Reads `CREATE TRIGGER name [BEFORE | AFTER] event [OF columns] ON table`.
fn app_trigger(made: &Made) -> AppTrigger {
    let events = [("INSERT", Event::Insert), ("UPDATE", Event::Update), ("DELETE", Event::Delete)];
    // The trigger's name comes first, and may be any of these words.
    let named = |piece: &Piece| {
        piece.name().is_some_and(|name| name.last().eq_ignore_ascii_case(&made.name))
            || matches!(piece, Piece::Text(text) if text.eq_ignore_ascii_case(&made.name))
    };
    let start = made.pieces.iter().position(named).map_or(0, |at| at + 1);
    let header = made.pieces.get(start..).unwrap_or_default();
    let on = header.iter().position(|piece| piece.is("ON")).unwrap_or(header.len());
    let header = &header[..on];
    let event = events.iter().find(|(word, _)| header.iter().any(|piece| piece.is(word)));
    let of = header.iter().position(|piece| piece.is("OF"));
    let columns = match (event, of) {
        (Some((_, Event::Update)), Some(of)) => header[of + 1..]
            .iter()
            .filter_map(Piece::name)
            .map(|name| name.last().to_owned())
            .collect(),
        _ => Vec::new(),
    };
    let timing = match header.first() {
        Some(piece) if piece.is("AFTER") => Timing::After,
        Some(piece) if piece.is("INSTEAD") => Timing::Instead,
        _ => Timing::Before,
    };
    AppTrigger {
        object: Object::on(Kind::Trigger, None, &made.table, &made.name),
        timing,
        events: event.map(|(_, event)| *event).into_iter().collect(),
        columns,
        enabled: Enabled::Origin,
    }
}

pub(super) async fn foreign_keys<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
) -> Result<Vec<ForeignKey>, DbErr> {
    let schema = table.schema.as_ref().map_or("main", Identifier::as_str);
    let sql = "SELECT id, \"from\" AS part, on_update, on_delete \
               FROM pragma_foreign_key_list($1, $2) ORDER BY id, seq";
    let values = [table.name.as_str().into(), schema.into()];
    let mut found: Vec<(i64, ForeignKey)> = Vec::new();
    for row in rows(connection, sql, values).await? {
        let id: i64 = row.try_get("", "id")?;
        let part: String = row.try_get("", "part")?;
        if let Some((_, key)) = found.last_mut().filter(|(own, _)| *own == id) {
            key.name = format!("{}, {part}", key.name);
            key.columns.push(part);
            continue;
        }
        let action = |column: &str| row.try_get::<String>("", column);
        found.push((
            id,
            ForeignKey {
                name: part.clone(),
                columns: vec![part],
                on_delete: Action::read(&action("on_delete")?),
                on_update: Action::read(&action("on_update")?),
                set_on_delete: Vec::new(),
            },
        ));
    }
    Ok(found.into_iter().map(|(_, key)| key).collect())
}

fn quote(name: &str) -> String {
    Identifier::new(name).map(|name| Dialect::Sqlite.quote(&name)).unwrap_or_default()
}
