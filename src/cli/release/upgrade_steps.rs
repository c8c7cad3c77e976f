//! The steps of an upgrade, in words and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::quantities::count;
use crate::model::Release;
use crate::plan::{Action, Leg};
use crate::releases::Why;

/// The maximum number of changes that are named for a stop; the JSON has all of them.
const NAMED: usize = 3;

/// Renders the steps for people.
pub fn text(from: &Release, legs: &[Leg<'_>]) -> String {
    let Some(goal) = legs.last().map(|leg| &leg.stop.release) else {
        return format!("nothing to do: the database is at {from}\n");
    };
    let mut text = format!("from {from} to {goal}: {}\n", count(legs.len(), "upgrade"));
    for (number, leg) in (1..).zip(legs) {
        let release = &leg.stop.release;
        let _ = write!(text, "\n{number}. {release}");
        if let Some(why) = why(&leg.stop.why) {
            let _ = write!(text, ", not to be skipped: {why}");
        }
        text.push('\n');
        for action in leg.actions() {
            let _ = match action.command() {
                Some(command) => writeln!(text, "     {command}"),
                None => writeln!(text, "     {}", rolling_out(leg)),
            };
        }
    }
    text
}

fn rolling_out(leg: &Leg<'_>) -> String {
    let release = &leg.stop.release;
    if leg.migrations.is_empty() {
        format!("no database changes: unpack {release} and restart")
    } else {
        format!("roll {release} out to every process")
    }
}

/// The reasons why a release must not be skipped, in words; `None` for the goal of the upgrade.
pub fn why(why: &[Why]) -> Option<String> {
    let declared = why.contains(&Why::Declared).then(|| "`required_stops` says so".to_owned());
    let changes: Vec<String> = why
        .iter()
        .filter_map(|why| match why {
            Why::Change { change, backfill, contract } => {
                Some(format!("`{change}` (under way from {backfill} on, finished in {contract})"))
            }
            Why::Declared | Why::Goal => None,
        })
        .collect();
    let mut named = changes.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if changes.len() > NAMED {
        let _ = write!(named, " and {} more", changes.len() - NAMED);
    }
    let changes = (!changes.is_empty()).then(|| format!("it has to run everywhere for {named}"));
    let parts: Vec<String> = declared.into_iter().chain(changes).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Renders the steps for a program, such as a page that guides through an upgrade.
pub fn json(from: &Release, to: &Release, legs: &[Leg<'_>]) -> String {
    let value = json!({
        "from": from,
        "to": to,
        "steps": legs.iter().map(leg).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}

/// Renders one step as JSON.
pub fn leg(leg: &Leg<'_>) -> Value {
    let why: Vec<Value> = leg
        .stop
        .why
        .iter()
        .map(|why| match why {
            Why::Declared => json!({ "reason": "declared" }),
            Why::Goal => json!({ "reason": "goal" }),
            Why::Change { change, backfill, contract } => json!({
                "reason": "change", "change": change, "backfill": backfill, "contract": contract,
            }),
        })
        .collect();
    let release = &leg.stop.release;
    let actions: Vec<Value> = leg
        .actions()
        .into_iter()
        .map(|action| match action {
            Action::RollOut => json!({ "roll_out": release }),
            Action::MigratePre | Action::MigratePost => json!({ "run": action.command() }),
        })
        .collect();
    json!({
        "release": release,
        "required": !leg.stop.why.contains(&Why::Goal),
        "why": why,
        "database_changes": leg.migrations.len(),
        "actions": actions,
    })
}
