//! The results of a rehearsal, as text and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::child::Ran;
use super::quantities::count;
use super::tables::{table, write_table};
use crate::migrator::Moment;

/// The number of lines of output that are shown of a command that failed.
const LINES: usize = 20;

/// The line before the first run.
pub fn begins(moments: usize) -> String {
    format!("{} to rehearse", count(moments, "state"))
}

/// The line after a run.
pub fn line(number: usize, all: usize, moment: &Moment, ran: &Ran) -> String {
    format!("{number} of {all}: {}, {}, in {}", states(moment), result(ran), took(ran))
}

/// All results, for people: a table, then the output of the runs that failed.
pub fn text(done: &[(&Moment, Ran)]) -> String {
    let mut text = String::new();
    let mut rows = table(["release", "state", "result", "took"]);
    for (moment, ran) in done {
        rows.add_row([moment.version.to_string(), states(moment), result(ran), took(ran)]);
    }
    write_table(&mut text, "rehearsed", &rows);
    let mut text = text.trim_start().to_owned();
    for (moment, ran) in done.iter().filter(|(_, ran)| !ran.passed) {
        let _ = writeln!(text, "\n{} at {}, {}:", result(ran), moment.version, states(moment));
        let lines: Vec<&str> = ran.output.lines().collect();
        for line in &lines[lines.len().saturating_sub(LINES)..] {
            let _ = writeln!(text, " {line}");
        }
    }
    text
}

/// All results, for programs.
pub fn json(done: &[(&Moment, Ran)]) -> String {
    let one = |(moment, ran): &(&Moment, Ran)| -> Value {
        json!({
            "version": moment.version,
            "states": moment.states,
            "passed": ran.passed,
            "made_anew": ran.made_anew,
            "status": ran.status,
            "seconds": ran.took.as_secs_f64(),
            "output": if ran.passed { None } else { Some(&ran.output) },
        })
    };
    format!("{:#}\n", json!({ "rehearsed": done.iter().map(one).collect::<Vec<_>>() }))
}

fn states(moment: &Moment) -> String {
    if moment.states.is_empty() {
        return "no open change".to_owned();
    }
    let all: Vec<String> =
        moment.states.iter().map(|(change, state)| format!("{change} {state}")).collect();
    all.join(", ")
}

fn result(ran: &Ran) -> String {
    if ran.made_anew {
        return "nothing rehearsed: the command dropped handover's tables".to_owned();
    }
    match (ran.passed, ran.status) {
        (true, _) => "passed".to_owned(),
        (false, Some(status)) => format!("failed with status {status}"),
        (false, None) => "killed by a signal".to_owned(),
    }
}

fn took(ran: &Ran) -> String {
    format!("{:.1} s", ran.took.as_secs_f64())
}
