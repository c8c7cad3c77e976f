//! The triggers and the foreign keys of a table itself (SQLite).

use sea_orm::{ConnectionTrait, DbErr};

use super::sqlite::{Made, made};
use crate::database::catalog::uses::foreign_key::{Action, ForeignKey};
use crate::database::catalog::uses::object::{Kind, Object};
use crate::database::catalog::uses::stored_code::Piece;
use crate::database::catalog::uses::trigger::{AppTrigger, Enabled, Event, Timing};
use crate::database::rows;
use crate::model::{Identifier, TableName};

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
