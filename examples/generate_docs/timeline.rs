//! `docs/pictures/timeline.svg`: the states of a rename from left to right, with the releases of the app
//! above them and, in each state, which column is read and which are written.
//!
//! All of it comes from the transition table, [`State::forward`] and what it says of each state.

use std::fmt::Write as _;
use std::iter::successors;

use handover::model::{ChangeKind, Deploy, Stage, State, Transition};

use crate::style::SHEET;

const FROM: &str = "username";
const TO: &str = "handle";
/// The release before the rename, then that of each stage.
const BEFORE: &str = "8.17.0";

const LEFT: u32 = 116;
const RELEASE_TOP: u32 = 24;
const STAGE_TOP: u32 = 78;
const FROM_TOP: u32 = 146;
const TO_TOP: u32 = 198;
const STATE_LINE: u32 = 266;
const LEGEND_TOP: u32 = 292;
const LANE: u32 = 42;
const WIDTH: u32 = 860;
const HEIGHT: u32 = 328;

/// A state and its part of the width.
struct Span {
    state: State,
    start: u32,
    width: u32,
}

impl Span {
    fn end(&self) -> u32 {
        self.start + self.width
    }

    fn middle(&self) -> u32 {
        self.start + self.width / 2
    }
}

/// One stage, and where its first and last change of state stand.
struct Mark {
    stage: Stage,
    first: u32,
    last: u32,
    proof: bool,
    /// The middle of the state in which its release is rolled out.
    roll_out: u32,
}

/// The picture, as SVG.
pub fn draw() -> String {
    let spans = spans();
    let marks = marks(&spans);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\" role=\"img\">\n  <title>Which column is read and written in each state of a \
         rename</title>\n  <style>\n{SHEET}  </style>\n  <rect class=\"page\" x=\"0.5\" y=\"0.5\" \
         width=\"{}\" height=\"{}\" rx=\"8\"/>\n",
        WIDTH - 1,
        HEIGHT - 1
    );
    draw_releases(&mut svg, &spans, &marks);
    draw_stages(&mut svg, &marks);
    for (name, top) in [(FROM, FROM_TOP), (TO, TO_TOP)] {
        text(&mut svg, 16, top + LANE / 2 + 5, "code strong", name);
    }
    text(&mut svg, 16, STATE_LINE, "", "state");
    for span in &spans {
        draw_state(&mut svg, span);
    }
    draw_legend(&mut svg);
    svg.push_str("</svg>\n");
    svg
}

/// Every state on the way to `contracted`, those in which a release is rolled out wider.
fn spans() -> Vec<Span> {
    let mut start = LEFT;
    let spans = way(true).into_iter().map(|state| {
        let width = match state {
            State::DualWrite | State::ReadTo => 190,
            _ => 116,
        };
        let span = Span { state, start, width };
        start += width;
        span
    });
    spans.collect()
}

fn way(relaxes: bool) -> Vec<State> {
    successors(Some(State::Pending), |state| ChangeKind::FULL_COURSE.forward(*state, relaxes))
        .collect()
}

fn marks(spans: &[Span]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for pair in spans.windows(2) {
        let [before, after] = pair else { continue };
        let course = ChangeKind::FULL_COURSE;
        let Some(transition) = course.transition(before.state, after.state, true) else { continue };
        let stage = stage(transition);
        // The second change of state of one stage moves its end.
        if let Some(mark) = marks.last_mut().filter(|mark| mark.stage == stage) {
            mark.last = after.start;
            continue;
        }
        let roll_out = match stage.deploy() {
            Deploy::Pre => after.middle(),
            Deploy::Post => before.middle(),
        };
        let proof = transition.proof;
        marks.push(Mark { stage, first: after.start, last: after.start, proof, roll_out });
    }
    marks
}

fn stage(transition: Transition) -> Stage {
    match transition.after {
        State::Pending | State::Announced | State::DualWrite | State::Ignored => Stage::Expand,
        State::ReadTo => Stage::Backfill,
        State::WriteTo | State::Contracted => Stage::Contract,
        State::Purged => Stage::Purge,
    }
}

const fn release(stage: Stage) -> &'static str {
    match stage {
        Stage::Expand | Stage::Backfill => "9.0.0",
        Stage::Contract => "9.0.1",
        Stage::Purge => "9.1.0",
    }
}

/// A bar for each release; where it slants, processes of both releases run.
fn draw_releases(svg: &mut String, spans: &[Span], marks: &[Mark]) {
    const SLANT: u32 = 26;
    text(svg, 16, RELEASE_TOP + 21, "", "app release");
    let mut releases = vec![(BEFORE, LEFT)];
    for mark in marks {
        if !releases.iter().any(|(name, _)| *name == release(mark.stage)) {
            releases.push((release(mark.stage), mark.roll_out));
        }
    }
    let end = spans.last().map_or(LEFT, Span::end);
    let (top, bottom) = (RELEASE_TOP, RELEASE_TOP + 32);
    for (number, (name, start)) in releases.iter().enumerate() {
        let next = releases.get(number + 1).map(|(_, start)| *start);
        let (low, high) =
            if number == 0 { (*start, *start) } else { (start - SLANT, start + SLANT) };
        let (far_low, far_high) = next.map_or((end, end), |next| (next - SLANT, next + SLANT));
        let _ = writeln!(
            svg,
            "  <path class=\"release\" d=\"M{low},{bottom} L{high},{top} L{far_high},{top} \
             L{far_low},{bottom} Z\"/>"
        );
        text(svg, u32::midpoint(high, far_low), top + 21, "code middle", name);
    }
}

fn draw_stages(svg: &mut String, marks: &[Mark]) {
    text(svg, 16, STAGE_TOP + 17, "", "stage");
    for mark in marks {
        for at in [mark.first, mark.last] {
            let (top, bottom) = (STAGE_TOP + 12, TO_TOP + LANE + 6);
            let _ = writeln!(
                svg,
                "  <line class=\"boundary\" x1=\"{at}\" y1=\"{top}\" x2=\"{at}\" y2=\"{bottom}\"/>"
            );
            if mark.first == mark.last {
                break;
            }
        }
        let middle = u32::midpoint(mark.first, mark.last);
        let half = 42.max((mark.last - mark.first) / 2 + 12);
        rectangle(svg, "stage", (middle - half, STAGE_TOP), (2 * half, 24));
        text(svg, middle, STAGE_TOP + 17, "middle strong", mark.stage.as_str());
        let (does, width) = match (mark.stage, mark.proof) {
            (Stage::Expand, _) => (format!("adds {TO}"), 84),
            (Stage::Backfill, true) => ("copies and compares every row".to_owned(), 174),
            (Stage::Backfill, false) => ("copies every row".to_owned(), 104),
            (Stage::Contract | Stage::Purge, _) => (format!("drops {FROM}"), 104),
        };
        // What is written stands on the page, not on the line.
        let _ = writeln!(
            svg,
            "  <rect class=\"page\" style=\"stroke: none\" x=\"{}\" y=\"{}\" width=\"{width}\" height=\"16\"/>",
            middle - width / 2,
            STAGE_TOP + 29
        );
        text(svg, middle, STAGE_TOP + 41, "small middle", &does);
    }
}

/// What exists in a state: read and written, only written, or neither.
fn draw_state(svg: &mut String, span: &Span) {
    let state = span.state;
    let (columns, writes, reads) = (state.columns(), state.writes(), state.reads());
    for (side, top, exists, written, read) in [
        ("from", FROM_TOP, columns.from, writes.from, reads == handover::model::Side::From),
        ("to", TO_TOP, columns.to, writes.to, reads == handover::model::Side::To),
    ] {
        if !exists {
            continue;
        }
        let (class, says, on) = match (read, written) {
            (true, _) => (format!("{side} read"), "read, written", "on-read"),
            (false, true) => (format!("{side} written"), "written", ""),
            (false, false) => ("unused".to_owned(), "not used", "small"),
        };
        rectangle(svg, &class, (span.start + 4, top), (span.width - 8, LANE));
        text(svg, span.middle(), top + LANE / 2 + 5, &format!("{on} middle"), says);
    }
    let star = if way(false).contains(&state) { "" } else { " *" };
    text(svg, span.middle(), STATE_LINE, "code middle", &format!("{state}{star}"));
}

fn draw_legend(svg: &mut String) {
    let (top, line) = (LEGEND_TOP, LEGEND_TOP + 12);
    let _ = writeln!(
        svg,
        "  <path class=\"legend slant\" d=\"M{},{} L{},{top}\"/>",
        LEFT + 4,
        top + 14,
        LEFT + 22
    );
    text(svg, LEFT + 29, line, "small", "roll-out: both releases run");
    for (start, class, says) in [
        (LEFT + 206, "legend", "read, written"),
        (LEFT + 318, "legend pale", "written"),
        (LEFT + 400, "unused", "exists, not used"),
    ] {
        rectangle(svg, class, (start, top), (18, 14));
        text(svg, start + 25, line, "small", says);
    }
    let skipped = way(true).into_iter().filter(|state| !way(false).contains(state));
    for state in skipped {
        text(svg, WIDTH - 22, line, "small end", &format!("* SQLite has no state {state}"));
    }
}

fn rectangle(svg: &mut String, class: &str, (x, y): (u32, u32), (width, height): (u32, u32)) {
    let _ = writeln!(
        svg,
        "  <rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"5\"/>"
    );
}

fn text(svg: &mut String, x: u32, y: u32, class: &str, says: &str) {
    let _ = writeln!(svg, "  <text class=\"{}\" x=\"{x}\" y=\"{y}\">{says}</text>", class.trim());
}
