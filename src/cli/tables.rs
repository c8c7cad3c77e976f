//! `status` and `plan` as text for people.

use std::fmt::Write as _;

use comfy_table::{Table, presets};

use crate::migrator::{OrmRecord, Status};
use crate::model::{AppName, Deploy, Release, app_in_words};
use crate::plan::{Plan, Reason};
use crate::releases::Migration;

pub fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header);
    // Also written to pipes, where no width is known; lines must not be broken there.
    table
}

pub fn write_table(text: &mut String, title: &str, table: &Table) {
    let _ = writeln!(text, "\n{title}");
    for line in table.to_string().lines() {
        let _ = writeln!(text, " {}", line.trim_end());
    }
}

/// Renders the status.
pub fn status(version: &Release, status: &Status, migrations: &[Migration]) -> String {
    let mut text = match &status.app {
        Some(app) => format!("app              {app}\napp release      {version}\n"),
        None => format!("app release      {version}\n"),
    };
    let Some(metadata) = &status.metadata else {
        if status.other_apps.is_empty() {
            text.push_str("database         not migrated by handover yet\n");
        } else {
            let others: Vec<_> =
                status.other_apps.iter().map(|other| app_in_words(other.as_ref())).collect();
            let _ = writeln!(
                text,
                "database         has no migrations of this app, but those of {}",
                others.join(", ")
            );
        }
        let orm = status.orm.iter().filter(|record| !record.applied).count();
        let _ = writeln!(text, "migrations       {} to run", migrations.len() + orm);
        return text;
    };
    let schema = metadata.schema_version.as_ref().map_or("none".to_owned(), ToString::to_string);
    let _ = writeln!(text, "schema release   {schema}");
    let _ = writeln!(text, "epoch            {}", metadata.epoch);
    let named = |app: &Option<AppName>| *app != status.app;
    let apps = !status.other_apps.is_empty()
        || status.fleet.instances.iter().any(|instance| named(&instance.app));
    if !status.changes.is_empty() {
        let mut changes = table(["change", "column", "state", "epoch", "copied"]);
        if apps {
            changes.set_header(["app", "change", "column", "state", "epoch", "copied"]);
        }
        for (at, row) in status.changes.iter().enumerate() {
            let copied = match status.backfills.get(at).and_then(Option::as_ref) {
                Some(copy) => {
                    let paused = if copy.control.paused { ", paused" } else { "" };
                    let rows = status.rows_walked(at).and_then(|rows| i64::try_from(rows).ok());
                    let rows = rows.unwrap_or(0).max(copy.rows_copied);
                    format!("{rows} of about {}{paused}", copy.rows_estimated)
                }
                None => String::new(),
            };
            let row = [
                apps.then(|| app_or_dash(row.app.as_ref())),
                Some(row.name.to_string()),
                Some(row.kind.to_string()),
                Some(row.state.to_string()),
                Some(row.epoch.to_string()),
                Some(copied),
            ];
            changes.add_row(row.into_iter().flatten());
        }
        write_table(&mut text, "changes", &changes);
    }
    let mut rows = table(["release", "migration", "stage", "runs", "status"]);
    for migration in migrations {
        let ran = status.migrations.iter().find(|row| row.id == migration.id);
        rows.add_row([
            release(migration.release.as_ref()),
            migration.slug.clone(),
            migration.word().to_owned(),
            deploy(migration.deploy),
            ran.map_or("to run", |row| row.status.as_str()).to_owned(),
        ]);
    }
    for OrmRecord { migration, applied } in &status.orm {
        let status = if *applied { "done" } else { "to run" };
        let (name, when) = (migration.name.clone(), deploy(Deploy::Pre));
        rows.add_row(["-".to_owned(), name, "sea-orm".to_owned(), when, status.to_owned()]);
    }
    write_table(&mut text, "migrations", &rows);
    if !status.fleet.instances.is_empty() {
        let mut instances = table(["process", "release", "acknowledged", "lease"]);
        if apps {
            instances.set_header(["app", "process", "release", "acknowledged", "lease"]);
        }
        for instance in &status.fleet.instances {
            let row = [
                apps.then(|| app_or_dash(instance.app.as_ref())),
                Some(format!("{}:{}", instance.host, instance.pid)),
                Some(instance.release.to_string()),
                Some(instance.acknowledged.to_string()),
                Some(if instance.live { "valid" } else { "run out" }.to_owned()),
            ];
            instances.add_row(row.into_iter().flatten());
        }
        write_table(&mut text, "processes", &instances);
    }
    text
}

/// Renders a plan: the migrations that would run now, and those that would not.
pub fn plan(plan: &Plan, version: &Release) -> String {
    let mut text = format!("app release {version}\n");
    if plan.run.is_empty() {
        text.push_str("nothing to run now\n");
    } else {
        let mut rows = table(["release", "migration", "stage", "runs", ""]);
        for planned in &plan.run {
            rows.add_row([
                planned.release.to_string(),
                planned.migration.slug.clone(),
                planned.migration.word().to_owned(),
                deploy(planned.migration.deploy),
                match (planned.resumed, planned.after) {
                    (true, _) => "resumed",
                    (false, Some(_)) => "if the processes have acknowledged the one before",
                    (false, None) => "",
                }
                .to_owned(),
            ]);
        }
        write_table(&mut text, "to run now", &rows);
    }
    if !plan.later.is_empty() {
        let mut rows = table(["release", "migration", "stage", "waits for"]);
        for later in &plan.later {
            rows.add_row([
                release(later.release.as_ref()),
                later.slug.clone(),
                later.word.to_owned(),
                match later.reason {
                    Reason::Release => "the app to reach its release",
                    Reason::Unreleased => "a release: handover release cut RELEASE",
                    Reason::Phase => "its phase (--pre or --post)",
                    Reason::Blocked => "a refused migration before it",
                    Reason::Kept => "the app's next release, which may delete the values",
                }
                .to_owned(),
            ]);
        }
        write_table(&mut text, "later", &rows);
    }
    text
}

fn app_or_dash(app: Option<&AppName>) -> String {
    app.map_or("-".to_owned(), ToString::to_string)
}

fn release(release: Option<&Release>) -> String {
    release.map_or("unreleased".to_owned(), ToString::to_string)
}

fn deploy(deploy: Deploy) -> String {
    deploy.to_string()
}
