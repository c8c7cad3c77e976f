//! The sentences of `handover db`: what a run, a copy or a schema dump has come to.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::cli::quantities::{about, count};
use crate::database::tables::Control;
use crate::manifest::SchemaDump;
use crate::migrator::{Baseline, Outcome, Status};
use crate::model::{Instance, Release, Stage, app_in_words};
use crate::plan::{Later, Overrun, Reason};

/// The line of a run that had nothing to do.
pub fn nothing_to_do(outcome: &Outcome, version: &Release) -> String {
    let now = if outcome.later.iter().any(|later| later.reason == Reason::Phase) {
        " at this point of the deployment"
    } else {
        ""
    };
    format!("nothing to do: the database has what {version} needs{now}")
}

/// The line about migrations in `unreleased/` that a run has left alone, if there are any.
pub fn unreleased(outcome: &Outcome) -> Option<String> {
    let waiting = outcome.later.iter().filter(|later| later.reason == Reason::Unreleased).count();
    let verb = if waiting == 1 { "waits" } else { "wait" };
    let waiting = (waiting > 0).then(|| count(waiting, "unreleased migration"))?;
    Some(format!("{waiting} {verb} for a release: `handover release cut RELEASE`"))
}

/// The notes on values that are kept although the app has reached the release that deletes them.
pub fn kept(later: &[Later]) -> Vec<String> {
    let kept = later.iter().filter(|later| later.reason == Reason::Kept);
    kept.map(|later| {
        format!(
            "the values that `{}` has put aside are kept until the app's next release; to delete them \
             in this one: `handover db migrate --allow purge`",
            later.slug
        )
    })
    .collect()
}

/// The note that no process of the app runs, although processes with the name of an app that the database does
/// not know do: a stage waits for those of its own app alone to reach a release.
pub fn without_own_process(status: &Status) -> Option<String> {
    if status.fleet.live_of(status.app.as_ref()).next().is_some() {
        return None;
    }
    let unknown = |process: &&Instance| !status.other_apps.contains(&process.app);
    let processes: Vec<_> = status.fleet.live().filter(unknown).map(ToString::to_string).collect();
    let app = app_in_words(status.app.as_ref());
    (!processes.is_empty()).then(|| {
        format!(
            "no process of {app} is registered, and no app of this database has the name of these: {}; give \
             them the name that `app` has in handover.yml, with `ShimBuilder::app`",
            processes.join(", ")
        )
    })
}

/// The line after `db init`.
pub fn initialised(baseline: &Baseline, noted: usize) -> String {
    match baseline {
        Baseline::Unmigrated => {
            "the database is empty, so every migration is to run on it".to_owned()
        }
        Baseline::NoneRun => {
            "none of this app's migrations has run, so every one is to run on the database"
                .to_owned()
        }
        Baseline::Fresh { version } => {
            format!(
                "the database is fresh, at {version}: {} need not run",
                count(noted, "migration")
            )
        }
        Baseline::Release(release) => {
            format!("the database is at {release}: {} need not run", count(noted, "migration"))
        }
    }
}

/// The line about a schema dump that was written, or was there already.
pub fn dumped(file: &Path, dump: &SchemaDump, changed: bool) -> String {
    let what = if changed { "wrote" } else { "nothing has changed in" };
    format!("{what} {}: {}\n", file.display(), contents(dump))
}

/// The line about a database that was made from a schema dump.
pub fn loaded(dump: &SchemaDump) -> String {
    format!("the database is made from the schema dump: {}\n", contents(dump))
}

fn contents(dump: &SchemaDump) -> String {
    let at = dump.release.as_ref().map_or_else(|| "no release".to_owned(), ToString::to_string);
    format!("at {at}, with {}", count(dump.migrations.len(), "migration"))
}

/// The progress of a copy, and the rest of its time if it goes on at the rate of `copied`.
pub fn copied(rows: u64, estimated: u64, (copied, took): (u64, Duration)) -> String {
    let mut text = format!("{rows} of about {estimated} rows");
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if copied > 0 && milliseconds > 0 {
        let rate = copied.saturating_mul(1000) / milliseconds;
        let left = estimated.saturating_sub(rows).saturating_mul(milliseconds) / copied;
        let left = about(Duration::from_millis(left));
        let _ = write!(text, ", {rate} rows/s, {left} left");
    }
    text
}

/// The line after steering a copy.
pub fn steered(change: &str, control: Control) -> String {
    let how = if control.paused { "waits between two batches" } else { "goes on" };
    let mut with = String::new();
    if let Some(rows) = control.batch_size {
        let _ = write!(with, ", {rows} rows in a batch at most");
    }
    if let Some(pause) = control.pause_ms {
        let _ = write!(with, ", {pause} ms of rest after each");
    }
    if let Some(workers) = control.workers {
        let _ = write!(with, ", {}", count(usize::try_from(workers).unwrap_or(0), "worker"));
    }
    format!("the copy of `{change}` {how}{with}\n")
}

fn subject(name: &str, stage: Option<Stage>) -> String {
    stage.map_or_else(|| name.to_owned(), |stage| format!("{stage} of {name}"))
}

/// The warning that a migration is expected to take longer than an upgrade may.
pub fn overrun(overrun: &Overrun) -> String {
    let Overrun { name, stage, expected, budget, .. } = overrun;
    let resumed = match stage {
        Some(Stage::Backfill) => "; if interrupted, it resumes where it stopped",
        _ => "",
    };
    format!(
        "{} is expected to take {}, longer than the `upgrade_budget` of {}{resumed}",
        subject(name, *stage),
        about(*expected),
        humantime::format_duration(*budget)
    )
}

/// The line at the beginning of a migration.
pub fn started(
    name: &str,
    stage: Option<Stage>,
    release: &Release,
    resumed: bool,
    undo: bool,
) -> String {
    let subject = subject(name, stage);
    let resumed = if resumed { ", resumed" } else { "" };
    if undo {
        format!("undoing {subject} ({release}{resumed})")
    } else {
        format!("{subject} ({release}{resumed})")
    }
}

/// The line at the end of a migration.
pub fn finished(name: &str, stage: Option<Stage>, took: Duration, undo: bool) -> String {
    let done = if undo { "undone" } else { "done" };
    format!("{done}: {} in {:.1} s", subject(name, stage), took.as_secs_f64())
}

/// The next thing to type after a run that nothing refused.
pub fn after_migrating(outcome: &Outcome) -> String {
    let soonest = outcome.later.iter().find(|later| later.reason == Reason::Phase);
    if soonest.is_some_and(|later| later.stage != Some(Stage::Expand)) {
        return "roll the release out, then handover db migrate --post --wait 10m".to_owned();
    }
    if soonest.is_some() {
        return "handover db migrate --pre".to_owned();
    }
    let ahead = outcome.later.iter().filter(|later| later.reason == Reason::Release);
    match ahead.filter_map(|later| later.release.as_ref()).min() {
        Some(release) => format!("handover db migrate, when the app is at {release}"),
        None => "handover db status".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_copy_goes_by_what_this_run_copied() {
        let seconds = Duration::from_secs;
        for (rows, estimated, took, expect) in [
            (
                9000,
                10_000,
                (500, seconds(5)),
                "9000 of about 10000 rows, 100 rows/s, about 10 s left",
            ),
            (
                12_000,
                10_000,
                (500, seconds(5)),
                "12000 of about 10000 rows, 100 rows/s, a moment left",
            ),
            (0, 10_000, (0, seconds(5)), "0 of about 10000 rows"),
        ] {
            assert_eq!(copied(rows, estimated, took), expect);
        }
    }
}
