//! The only file that prints. Data goes to stdout, progress and messages to stderr.
#![expect(clippy::unused_self, reason = "whoever prints has to hold the report")]

use std::error::Error;
use std::fmt::{Display, Write};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anstream::{eprintln, print, println};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::check::Found;
use super::error::CliError;
use super::{json, tables, words};
use crate::database::plain;
use crate::generator::Generated;
use crate::migrator::{Baseline, Event, Observer, Outcome, Status};
use crate::model::Release;
use crate::plan::{Overrun, Plan, Refusal};
use crate::releases::{Migration, Severity};

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();

/// Prints the results and the progress of a command.
pub struct Report {
    verbose: bool,
    terminal: bool,
    live: Mutex<Live>,
}

/// The state of the screen while something runs.
#[derive(Default)]
struct Live {
    bar: Option<ProgressBar>,
    told: Option<Instant>,
    /// The number of rows and the time at which the copy began.
    began: Option<(u64, Instant)>,
    waiting: Vec<String>,
}

impl Report {
    pub fn new(verbose: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self { verbose, terminal, live: Mutex::default() }
    }

    /// Prints text as it is, for another program.
    pub fn text(&self, text: &str) {
        print!("{text}");
    }

    /// Prints the error, its causes, and the next thing to type.
    pub fn failed(&self, error: &CliError) {
        self.clear();
        eprintln!("{BAD}error:{BAD:#} {error}");
        let mut said = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let text = plain(&cause.to_string());
            // A wrapper that only passes its cause on would print everything twice.
            if !said.contains(&text) {
                eprintln!("{BAD}caused by:{BAD:#} {text}");
            }
            said = text;
            source = cause.source();
        }
        if let Some(hint) = error.hint() {
            self.hint(hint);
        }
    }

    pub fn fatal(&self, error: &dyn Error) {
        eprintln!("{BAD}error:{BAD:#} {error}");
    }

    /// Prints a warning: something is not wrong, but may not be wanted.
    pub fn warning(&self, what: impl Display) {
        eprintln!("{NOTE}warning:{NOTE:#} {what}");
    }

    fn hint(&self, hint: impl Display) {
        eprintln!("{NOTE}hint:{NOTE:#} {hint}");
    }

    fn note(&self, what: impl Display) {
        println!("{NOTE}note:{NOTE:#} {what}");
    }

    /// Prints a line of progress.
    pub fn progress(&self, line: &str) {
        eprintln!("{line}");
    }

    /// Prints the next thing to type.
    pub fn next(&self, what: impl Display) {
        println!("{NOTE}next:{NOTE:#} {what}");
    }

    fn refused(&self, refusals: &[Refusal]) {
        for refusal in refusals {
            eprintln!("{BAD}refused:{BAD:#} {refusal}");
            if let Some(hint) = refusal.hint() {
                self.hint(hint);
            }
        }
    }

    /// Prints the paths of new files.
    pub fn wrote<'p>(&self, paths: impl IntoIterator<Item = &'p PathBuf>) {
        for path in paths {
            println!("{GOOD}wrote{GOOD:#} {}", path.display());
        }
    }

    pub fn generated(&self, generated: &Generated, release: Option<&Release>) {
        self.wrote(generated.files.iter().map(|(path, _)| path));
        print!("{}", words::advice(&generated.advice));
        println!("\n{NOTE}next:{NOTE:#} {}", words::after_generating(&generated.files, release));
    }

    pub fn initialised(&self, baseline: &Baseline, noted: usize) {
        println!("{}", words::initialised(baseline, noted));
        self.next("handover db plan");
    }

    pub fn migrated(&self, outcome: &Outcome, version: &Release) {
        self.clear();
        for done in &outcome.done {
            print!("{}", words::after_stage(done));
        }
        if outcome.done.is_empty() && outcome.refused.is_empty() {
            println!("{}", words::nothing_to_do(outcome, version));
        }
        if let Some(note) = words::unreleased(outcome) {
            self.note(note);
        }
        self.refused(&outcome.refused);
        if outcome.refused.is_empty() {
            self.next(words::after_migrating(outcome));
        }
    }

    pub fn rolled_back(&self, outcome: &Outcome) {
        self.clear();
        self.refused(&outcome.refused);
        if outcome.refused.is_empty() {
            self.next("handover db status");
        }
    }

    pub fn status(
        &self,
        version: &Release,
        status: &Status,
        migrations: &[Migration],
        as_json: bool,
    ) {
        if as_json {
            println!("{}", json::status(version, status, migrations));
        } else {
            print!("{}", tables::status(version, status, migrations));
            self.next("handover db plan");
        }
    }

    pub fn plan(
        &self,
        plan: &Plan,
        overruns: &[Overrun],
        notes: &[String],
        version: &Release,
        as_json: bool,
    ) {
        if as_json {
            println!("{}", json::plan(plan, overruns, notes, version));
            return;
        }
        print!("{}", tables::plan(plan, version));
        for note in notes {
            self.note(note);
        }
        for overrun in overruns {
            self.warning(words::overrun(overrun));
        }
        self.refused(&plan.refused);
        if !plan.run.is_empty() {
            self.next("handover db migrate");
        }
    }

    /// Prints the findings of `check`; with `quiet`, nothing if there are none.
    pub fn checked(&self, found: &Found, quiet: bool) {
        let warnings = found.findings.iter().filter(|at| at.rule.severity == Severity::Warning);
        let warnings = warnings.count();
        if warnings == found.findings.len() && !quiet {
            let files = words::count(found.files, "migration file");
            match warnings {
                0 => println!("{files}, no problem"),
                _ => println!("{files}, no problem, {}", words::count(warnings, "warning")),
            }
        }
        for finding in &found.findings {
            match finding.rule.severity {
                Severity::Error => eprintln!("{BAD}problem:{BAD:#} {}", finding.message),
                Severity::Warning => eprintln!("{NOTE}warning:{NOTE:#} {}", finding.message),
            }
            if let Some(hint) = &finding.hint {
                self.hint(hint);
            }
        }
    }

    fn clear(&self) {
        if let Ok(mut live) = self.live.lock()
            && let Some(bar) = live.bar.take()
        {
            bar.finish_and_clear();
        }
    }

    /// Prints a line that stays, above the progress bar if there is one.
    fn line(live: &Live, line: &str) {
        match &live.bar {
            Some(bar) => bar.suspend(|| eprintln!("{line}")),
            None => eprintln!("{line}"),
        }
    }

    /// Prints who is waited for, unless that was the last line: `whom` tells one wait from another.
    fn waiting(live: &mut Live, whom: Vec<String>, names: &[impl ToString]) {
        if live.waiting != whom && !whom.is_empty() {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            Self::line(live, &format!("  waiting for {}", names.join(", ")));
            live.waiting = whom;
        }
    }

    fn copied(&self, live: &mut Live, rows: u64, estimated: u64) {
        if self.terminal {
            let bar = live.bar.get_or_insert_with(|| bar(rows, estimated));
            bar.set_length(estimated.max(rows));
            bar.set_position(rows);
            return;
        }
        let (first, began) = *live.began.get_or_insert_with(|| (rows, Instant::now()));
        if live.told.is_none_or(|at| at.elapsed() >= Duration::from_secs(5)) {
            if live.told.is_some() {
                let copied = (rows.saturating_sub(first), began.elapsed());
                eprintln!("  {}", words::copied(rows, estimated, copied));
            }
            live.told = Some(Instant::now());
        }
    }
}

/// Creates the bar of a copy that has already come this far: the rows of an earlier run say nothing
/// about the speed of this one.
fn bar(rows: u64, estimated: u64) -> ProgressBar {
    let bar = ProgressBar::new(estimated).with_position(rows);
    let style = "  {bar:30} {human_pos}/{human_len} rows  {speed}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(style) {
        let speed = |state: &ProgressState, text: &mut dyn Write| {
            let _ = write!(text, "{:.0} rows/s", state.per_sec());
        };
        bar.set_style(style.with_key("speed", speed));
    }
    bar.reset_eta();
    bar
}

impl Observer for Report {
    fn event(&self, event: Event) {
        let Ok(mut live) = self.live.lock() else { return };
        match event {
            Event::Copied { rows, estimated, .. } => {
                live.waiting.clear();
                self.copied(&mut live, rows, estimated);
            }
            Event::Step { what, .. } => {
                if self.verbose {
                    Self::line(&live, &format!("  {what}"));
                }
            }
            Event::Waiting { instances } => {
                let names: Vec<String> = instances.iter().map(ToString::to_string).collect();
                Self::waiting(&mut live, names.clone(), &names);
            }
            Event::Blocked { by } => {
                let whom = by.iter().map(|by| format!("{:?} {}", by.pid, by.doing)).collect();
                Self::waiting(&mut live, whom, &by);
            }
            Event::Held { why, .. } => {
                if live.waiting.first() != Some(&why) {
                    Self::line(&live, &format!("  the copy waits: {why}"));
                    live.waiting = vec![why];
                }
            }
            Event::Warning { what } => {
                Self::line(&live, &format!("{NOTE}warning:{NOTE:#} {what}"));
            }
            Event::Entered { change, state, epoch } => {
                live.waiting.clear();
                if self.verbose {
                    Self::line(&live, &format!("  {change} is in state {state}, epoch {epoch}"));
                }
            }
            Event::Overrun(overrun) => {
                let text = words::overrun(&overrun);
                Self::line(&live, &format!("{NOTE}warning:{NOTE:#} {text}"));
            }
            Event::Started { name, stage, release, resumed, undo } => {
                let line = words::started(&name, stage, &release, resumed, undo);
                Self::line(&live, &line);
            }
            Event::Finished { name, stage, took, undo, .. } => {
                if let Some(bar) = live.bar.take() {
                    bar.finish_and_clear();
                }
                (live.told, live.began) = (None, None);
                let line = words::finished(&name, stage, took, undo);
                match line.split_once(':') {
                    Some((done, rest)) => eprintln!("{GOOD}{done}:{GOOD:#}{rest}"),
                    None => eprintln!("{line}"),
                }
            }
        }
    }
}
