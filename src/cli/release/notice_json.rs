//! A notice as JSON.

use serde_json::{Value, json};

use super::upgrade_steps;
use crate::manifest::Settings;
use crate::model::Release;
use crate::plan::{Extent, Notice, NoticeEntry, Sizes};

/// Renders a notice for a program, such as a page of announcements. Keys are only ever added.
pub fn notice(notice: &Notice<'_>, sizes: Option<&Sizes>, settings: &Settings) -> String {
    let later: Vec<Value> = notice
        .later
        .iter()
        .map(|migration| {
            json!({
                "name": migration.slug,
                "stage": migration.stage(),
                "release": migration.release,
            })
        })
        .collect();
    let stops: Vec<&Release> =
        notice.legs.iter().rev().skip(1).rev().map(|leg| &leg.stop.release).collect();
    let value = json!({
        "release": notice.release,
        "from": notice.from,
        "database_changes": !notice.entries.is_empty(),
        "traffic": notice.traffic().as_str(),
        "database": sizes.map(|sizes| sizes.dialect.to_string()),
        "steps": notice.legs.iter().map(upgrade_steps::leg).collect::<Vec<_>>(),
        "required_stops": stops,
        "migrations": notice
            .entries
            .iter()
            .map(|entry| migration(entry, settings))
            .collect::<Vec<_>>(),
        "later": later,
    });
    format!("{value:#}\n")
}

fn migration(entry: &NoticeEntry<'_>, settings: &Settings) -> Value {
    let NoticeEntry { migration, impact, rows, expected } = entry;
    let effects: Vec<Value> = impact
        .effects
        .iter()
        .map(|effect| {
            json!({
                "what": effect.what,
                "traffic": effect.traffic.as_str(),
                "table": effect.table.as_ref().map(ToString::to_string),
                "extent": match effect.extent {
                    Extent::Moment => "moment",
                    Extent::Scan => "scan",
                    Extent::Copy => "copy",
                    Extent::Unknown => "unknown",
                },
            })
        })
        .collect();
    let rows: Vec<Value> = rows
        .iter()
        .map(|(table, rows)| json!({ "table": table.to_string(), "rows": rows }))
        .collect();
    let rename = migration.change().map(|change| {
        let rename = change.columns();
        json!({ "table": rename.table.to_string(), "from": rename.from, "to": rename.to })
    });
    json!({
        "id": migration.id,
        "name": migration.slug,
        "kind": migration.word(),
        "stage": migration.stage(),
        "release": migration.release,
        "deploy": migration.deploy,
        "rename": rename,
        "traffic": impact.traffic().as_str(),
        "effects": effects,
        "rows": rows,
        "expected_seconds": expected.map(|expected| expected.as_secs_f64().ceil()),
        "over_budget": expected.map(|expected| expected > settings.upgrade_budget),
    })
}
