//! A notice as Markdown, for people.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::upgrade_steps::why;
use crate::cli::messages::change::title;
use crate::cli::quantities::{about, count};
use crate::manifest::Settings;
use crate::model::{Deploy, Stage};
use crate::plan::{
    Action, COPIED_ROWS, Extent, Leg, Notice, NoticeEntry, SCANNED_ROWS, Sizes, Traffic,
};

pub fn notice(notice: &Notice<'_>, sizes: Option<&Sizes>, settings: &Settings) -> String {
    let mut text = match (&notice.release, &notice.from) {
        (Some(release), Some(from)) => format!("# Upgrade to {release}\n\nFrom {from}.\n"),
        (Some(release), None) => format!("# Upgrade to {release}\n"),
        (None, _) => "# Waiting for a release\n".to_owned(),
    };
    let _ = writeln!(text, "\n{}", summary(notice));
    if notice.release.is_none() && !notice.entries.is_empty() {
        text.push_str("\n`handover release cut RELEASE` puts all of it into one release.\n");
    }
    if notice.legs.iter().any(|leg| !leg.migrations.is_empty()) || notice.legs.len() > 1 {
        to_do(&mut text, &notice.legs);
    }
    if notice.entries.is_empty() {
        return text;
    }
    what_changes(&mut text, notice, settings);
    if !notice.later.is_empty() {
        text.push_str("\n## What follows in later releases\n\n");
        for migration in &notice.later {
            if let (Some(stage), Some(release)) = (migration.stage(), &migration.release) {
                let _ = writeln!(text, "- **{release}**: the {stage} of `{}`", migration.slug);
            }
        }
    }
    let _ = write!(text, "\n---\n\n{}", footnote(sizes, settings));
    text
}

/// The summary: whether there is anything to do, and whether it needs downtime.
fn summary(notice: &Notice<'_>) -> String {
    let number = notice.entries.len();
    if number == 0 {
        return match &notice.release {
            Some(_) if notice.legs.is_empty() => "**Nothing to do**: that is the same release.",
            Some(_) if notice.legs.len() > 1 => {
                "**No database changes**, but releases on the way must not be skipped."
            }
            Some(_) => "**No database changes: unpack and restart.**",
            None => "**Nothing is waiting.**",
        }
        .to_owned();
    }
    let what = count(number, "database migration");
    let those = |traffic| {
        let entries = notice.entries.iter();
        entries.filter(|entry| entry.impact.traffic() == traffic).count()
    };
    match notice.traffic() {
        Traffic::Runs => format!("**{what}, no downtime**: the application keeps running."),
        Traffic::Waits => format!(
            "**{what}, no downtime**: the application keeps running, though during {} of them it \
             has to wait.",
            those(Traffic::Waits)
        ),
        Traffic::Unknown => format!(
            "**{what}, of which {} must be reviewed**: the files do not show whether the application \
             can keep running.",
            those(Traffic::Unknown)
        ),
        Traffic::Breaks => format!(
            "**{what}, of which {} may break running code**: plan for downtime, or make sure that \
             no running code is affected.",
            those(Traffic::Breaks)
        ),
    }
}

fn to_do(text: &mut String, legs: &[Leg<'_>]) {
    text.push_str("\n## What to do\n");
    for leg in legs {
        let release = &leg.stop.release;
        if legs.len() > 1 {
            let _ = write!(text, "\n### {release}\n");
            if let Some(why) = why(&leg.stop.why) {
                let _ = write!(text, "\nNot to be skipped: {why}.\n");
            }
        }
        text.push('\n');
        if leg.migrations.is_empty() {
            let _ = writeln!(text, "No database changes: unpack {release} and restart.");
            continue;
        }
        for (number, action) in (1..).zip(leg.actions()) {
            let what = match action {
                Action::MigratePre => format!("Before the roll-out, with the files of {release}:"),
                Action::RollOut => format!("Roll {release} out to every process."),
                Action::MigratePost => format!("When every process runs {release}:"),
            };
            let _ = writeln!(text, "{number}. {what}");
            if let Some(command) = action.command() {
                let _ = writeln!(text, "\n   ```sh\n   {command}\n   ```\n");
            }
        }
        trim(text);
    }
    if legs.iter().all(|leg| leg.migrations.is_empty()) {
        return;
    }
    let _ = writeln!(
        text,
        "\nOr with downtime: stop every process, replace the code, run `handover db migrate \
         --offline`, and start again."
    );
}

/// Leaves one line break at the end.
fn trim(text: &mut String) {
    text.truncate(text.trim_end().len());
    text.push('\n');
}

fn what_changes(text: &mut String, notice: &Notice<'_>, settings: &Settings) {
    text.push_str("\n## What changes in the database\n");
    let mut changes: HashMap<&str, Vec<&NoticeEntry<'_>>> = HashMap::new();
    for entry in notice.entries.iter().filter(|entry| entry.migration.stage().is_some()) {
        changes.entry(&entry.migration.slug).or_default().push(entry);
    }
    for entry in &notice.entries {
        let name = entry.migration.slug.as_str();
        if entry.migration.stage().is_none() {
            let _ = write!(text, "\n### `{name}`\n\n");
            bullet(text, notice, entry, settings);
        } else if let Some(stages) = changes.remove(name) {
            // A change is described as a whole where it begins.
            let _ = match entry.migration.change() {
                Some(change) => write!(text, "\n### {} (`{name}`)\n\n", title(change)),
                None => write!(text, "\n### `{name}`\n\n"),
            };
            for stage in stages {
                bullet(text, notice, stage, settings);
            }
        }
    }
}

/// Describes a migration: its effects, its time, its waits, its duration.
fn bullet(text: &mut String, notice: &Notice<'_>, entry: &NoticeEntry<'_>, settings: &Settings) {
    let migration = entry.migration;
    let name = match migration.word() {
        "sql" => "SQL",
        "rust" => "Rust",
        stage => stage,
    };
    let with = match (&migration.release, &notice.release) {
        (Some(release), Some(goal)) if release != goal => format!("with {release}, "),
        (None, _) if matches!(migration.stage(), Some(Stage::Contract | Stage::Purge)) => {
            "in a later release, ".to_owned()
        }
        _ => String::new(),
    };
    let when = match migration.deploy {
        Deploy::Pre => "before the roll-out",
        Deploy::Post => "after the roll-out",
    };
    let effects: Vec<&str> =
        entry.impact.effects.iter().map(|effect| effect.what.as_str()).collect();
    let effects =
        if effects.is_empty() { "does nothing".to_owned() } else { effects.join("; then it ") };
    let traffic = match entry.impact.traffic() {
        Traffic::Runs => "Runs under traffic",
        Traffic::Waits => "Runs under traffic, with waits",
        Traffic::Unknown => "**Unknown, have it reviewed**",
        Traffic::Breaks => "**Not under traffic**, unless no running code is affected",
    };
    let _ = write!(text, "- **{name}** ({with}{when}) {effects}. {traffic}; {}.", time(entry));
    if entry.expected.is_some_and(|expected| expected > settings.upgrade_budget) {
        let budget = humantime::format_duration(settings.upgrade_budget);
        let _ = write!(text, " **That is longer than the `upgrade_budget` of {budget}.**");
    }
    text.push('\n');
}

fn time(entry: &NoticeEntry<'_>) -> String {
    let extents = || entry.impact.effects.iter().map(|effect| effect.extent);
    if extents().all(|extent| extent == Extent::Moment) {
        return "it takes a moment".to_owned();
    }
    if let Some(expected) = entry.expected {
        let rows: Vec<String> = entry
            .rows
            .iter()
            .map(|(table, rows)| match rows {
                Some(rows) => format!("about {} rows in `{table}`", grouped(*rows)),
                None => format!("there is no `{table}` yet"),
            })
            .collect();
        return format!("it takes {} ({})", about(expected), rows.join(", "));
    }
    if extents().any(|extent| extent == Extent::Unknown) {
        return "how long it takes is not known".to_owned();
    }
    let rate =
        if extents().any(|extent| extent == Extent::Copy) { COPIED_ROWS } else { SCANNED_ROWS };
    let rows = u64::from(rate) * 60;
    format!("it takes up to a minute for every {} rows", grouped(rows))
}

/// Renders a number with its thousands apart: `1,000,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn footnote(sizes: Option<&Sizes>, settings: &Settings) -> String {
    let (timeout, patience) = (
        humantime::format_duration(settings.lock.timeout),
        humantime::format_duration(settings.lock.patience),
    );
    let copied_rows = grouped(COPIED_ROWS.into());
    let scanned_rows = grouped(SCANNED_ROWS.into());
    let estimate = match sizes {
        None => format!(
            "Times are estimated at {copied_rows} rows a second written and {scanned_rows} read; \
             `--database-url` asks a database for its sizes."
        ),
        Some(Sizes { copied: Some(rate), .. }) => format!(
            "Times are estimated for the given database, at the {rate:.0} rows a second that it has \
             copied, and {scanned_rows} read."
        ),
        Some(_) => format!(
            "Times are estimated for the given database, at {copied_rows} rows a second written and \
             {scanned_rows} read."
        ),
    };
    format!(
        "{estimate} To lock a table for a moment, a stage of a change queues for {timeout} at most, \
         then lets the application go first and tries again for up to {patience}; plain SQL queues \
         until it is its turn.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, expect) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (1_000_000, "1,000,000")]
        {
            assert_eq!(grouped(number), expect);
        }
    }
}
