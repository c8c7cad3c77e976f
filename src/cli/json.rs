//! `status` and `plan` as JSON for programs. Keys are only ever added.

use serde_json::{Value, json};

use crate::migrator::Status;
use crate::model::{Deploy, Instance, Release};
use crate::plan::{Overrun, Plan, Reason};
use crate::releases::Migration;

fn instance(instance: &Instance) -> Value {
    json!({
        "id": instance.id,
        "app": instance.app,
        "host": instance.host,
        "pid": instance.pid,
        "release": instance.release,
        "acknowledged": instance.acknowledged,
        "live": instance.live,
        "followed": instance.followed,
    })
}

/// Renders the status.
pub fn status(version: &Release, status: &Status, migrations: &[Migration]) -> String {
    let changes: Vec<Value> = status
        .changes
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let backfill = status.backfills.get(at).and_then(Option::as_ref).map(|copy| {
                json!({
                    "rows_copied": copy.rows_copied,
                    "rows_walked": status.rows_walked(at),
                    "rows_estimated": copy.rows_estimated,
                    "paused": copy.control.paused,
                    "batch_size": copy.control.batch_size,
                    "pause_ms": copy.control.pause_ms,
                    "workers": copy.control.workers,
                })
            });
            json!({
                "app": row.app,
                "name": row.name,
                "kind": row.kind.key(),
                "table": row.columns().table.to_string(),
                "from": row.columns().from,
                "to": row.columns().to,
                "state": row.state,
                "epoch": row.epoch,
                "backfill": backfill,
            })
        })
        .collect();
    let migrations: Vec<Value> = migrations
        .iter()
        .map(|migration| {
            let ran = status.migrations.iter().find(|row| row.id == migration.id);
            json!({
                "id": migration.id,
                "name": migration.slug,
                "kind": migration.word(),
                "stage": migration.stage(),
                "release": migration.release,
                "deploy": migration.deploy,
                "path": migration.path,
                "status": ran.map(|row| row.status.as_str()),
                "app_version": ran.map(|row| &row.app_version),
                "started_at": ran.map(|row| row.started_at),
                "finished_at": ran.and_then(|row| row.finished_at),
            })
        })
        .chain(status.orm.iter().map(|record| {
            json!({
                "id": record.migration.id,
                "name": record.migration.name,
                "kind": "sea-orm",
                "deploy": Deploy::Pre,
                "status": record.applied.then_some("done"),
            })
        }))
        .collect();
    let metadata = status.metadata.as_ref();
    let value = json!({
        "app": status.app,
        "version": version,
        "initialised": metadata.is_some(),
        "epoch": metadata.map(|metadata| metadata.epoch),
        "schema_version": metadata.and_then(|metadata| metadata.schema_version.as_ref()),
        "changes": changes,
        "migrations": migrations,
        "instances": status.fleet.instances.iter().map(instance).collect::<Vec<_>>(),
    });
    format!("{value:#}")
}

/// Renders a plan: the migrations that would run now, and those that would not.
pub fn plan(plan: &Plan, overruns: &[Overrun], notes: &[String], version: &Release) -> String {
    let run: Vec<Value> = plan
        .run
        .iter()
        .map(|planned| {
            json!({
                "id": planned.migration.id,
                "name": planned.migration.slug,
                "kind": planned.migration.word(),
                "stage": planned.migration.stage(),
                "release": planned.release,
                "deploy": planned.migration.deploy,
                "resumed": planned.resumed,
                "after": planned.after,
            })
        })
        .collect();
    let refused: Vec<Value> = plan
        .refused
        .iter()
        .map(|refusal| {
            json!({
                "reason": refusal.to_string(),
                "hint": refusal.hint(),
                "passes_by_waiting": refusal.passes_by_waiting(),
            })
        })
        .collect();
    let later: Vec<Value> = plan
        .later
        .iter()
        .map(|later| {
            json!({
                "id": later.id,
                "name": later.slug,
                "kind": later.word,
                "stage": later.stage,
                "release": later.release,
                "reason": match later.reason {
                    Reason::Release => "release",
                    Reason::Unreleased => "unreleased",
                    Reason::Phase => "phase",
                    Reason::Blocked => "blocked",
                    Reason::Kept => "kept",
                },
            })
        })
        .collect();
    let overruns: Vec<Value> = overruns
        .iter()
        .map(|overrun| {
            json!({
                "name": overrun.name,
                "stage": overrun.stage,
                "release": overrun.release,
                "expected_seconds": overrun.expected.as_secs(),
                "budget_seconds": overrun.budget.as_secs(),
            })
        })
        .collect();
    let value = json!({
        "version": version,
        "run": run,
        "refused": refused,
        "later": later,
        "overruns": overruns,
        "notes": notes,
    });
    format!("{value:#}")
}
