//! Reads the views, triggers and virtual tables of SQLite that use the column.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};

use super::sqlite_virtual_table::{External, external, is_virtual};
use crate::database::catalog::uses::object::{Kind, Object};
use crate::database::catalog::uses::problem::{Problem, Use};
use crate::database::catalog::uses::sqlite_views::{Facts, Schema};
use crate::database::catalog::uses::stored_code::{
    Body, Piece, Reading, Setting, Sure, joins_naturally, names_column, names_table, problems,
    statements,
};
use crate::database::catalog::uses::subject::Subject;
use crate::database::catalog::uses::trigger::GUARD;
use crate::database::{Dialect, get, plain, rows};
use crate::model::Identifier;

/// An object as SQLite's catalog stores it.
pub(super) struct Made {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) table: String,
    sql: String,
    pub(super) pieces: Vec<Piece>,
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
    let subject =
        &Subject { sharers: sharers(connection, &made, subject).await, ..subject.clone() };
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
pub(super) async fn made<C: ConnectionTrait>(
    connection: &C,
    schema: &str,
) -> Result<Vec<Made>, DbErr> {
    let sql = format!(
        "SELECT type AS kind, name, tbl_name, sql FROM {}.sqlite_schema \
         WHERE sql IS NOT NULL AND type <> 'index' AND substr(name, 1, {}) <> '{GUARD}' \
         ORDER BY type, name",
        quote(schema),
        GUARD.len()
    );
    let reading = Reading::of(Dialect::Sqlite);
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

/// The other tables and views that have a column of either name, as far as they can be used.
async fn sharers<C: ConnectionTrait>(
    connection: &C,
    made: &[Made],
    subject: &Subject,
) -> Vec<String> {
    let mut found = Vec::new();
    for object in made.iter().filter(|object| object.kind != "trigger") {
        let sql = "SELECT count(*) FROM pragma_table_xinfo($1, $2) \
                   WHERE lower(name) IN (lower($3), lower($4))";
        let Subject { schema, from, to, .. } = subject;
        let values = [&object.name, schema, from, to].map(|value| value.as_str().into());
        let has = get::<i64, _, _>(connection, sql, values).await;
        if has.is_ok_and(|has| has.unwrap_or_default() > 0)
            && !subject.same_table(&object.name, &subject.table)
        {
            found.push(object.name.clone());
        }
    }
    found
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
    if joins_naturally(setting(subject), &view.pieces) != Sure::No {
        let problem = Problem::JoinsNaturally { table: subject.table.clone() };
        uses.push(Use::possible(object.clone(), problem));
    }
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

fn quote(name: &str) -> String {
    Identifier::new(name).map(|name| Dialect::Sqlite.quote(&name)).unwrap_or_default()
}
