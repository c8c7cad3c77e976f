//! Prints the results of a command. Data goes to stdout, progress and messages to stderr.
#![expect(clippy::unused_self, reason = "whoever prints has to hold the report")]

use std::error::Error;
use std::fmt::Display;
use std::path::PathBuf;

use anstream::{eprintln, print, println};

use super::progress::Progress;
use super::style::{BAD, GOOD, NOTE};
use crate::cli::check::Found;
use crate::cli::error::CliError;
use crate::cli::{json, messages, quantities, tables};
use crate::database;
use crate::generator::Generated;
use crate::migrator::{Baseline, Done, Event, Observer, Outcome, Status};
use crate::model::{Release, Stage};
use crate::plan::{Overrun, Plan, Refusal};
use crate::releases::{Migration, Severity};

/// Prints the results and the progress of a command.
pub struct Report {
    progress: Progress,
}

impl Report {
    pub fn new(verbose: bool) -> Self {
        Self { progress: Progress::new(verbose) }
    }

    /// Prints text as it is, for another program.
    pub fn text(&self, text: &str) {
        print!("{text}");
    }

    /// Prints the error, its causes, and the next thing to type.
    pub fn failed(&self, error: &CliError) {
        self.progress.clear();
        eprintln!("{BAD}error:{BAD:#} {error}");
        let mut said = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let text = database::cause(cause);
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

    /// Prints what was generated. `seen` is what the database says of it.
    pub fn generated(&self, generated: &Generated, seen: &[String], release: Option<&Release>) {
        for path in &generated.replaced {
            println!("{NOTE}removed{NOTE:#} {}", path.display());
        }
        self.wrote(generated.files.iter().map(|(path, _)| path));
        print!("{}", messages::generate::advice(&generated.advice));
        if !seen.is_empty() {
            println!("\non this database:");
            for line in seen {
                println!("  - {line}");
            }
        }
        println!(
            "\n{NOTE}next:{NOTE:#} {}",
            messages::generate::after_generating(&generated.files, release)
        );
    }

    pub fn initialised(&self, baseline: &Baseline, noted: usize) {
        println!("{}", messages::db::initialised(baseline, noted));
        self.next("handover db plan");
    }

    pub fn migrated(&self, outcome: &Outcome, version: &Release) {
        self.progress.clear();
        for (at, done) in outcome.done.iter().enumerate() {
            if !is_outdated(done, &outcome.done[at + 1..]) {
                print!("{}", messages::change::after_stage(done));
            }
        }
        if outcome.done.is_empty() && outcome.refused.is_empty() {
            println!("{}", messages::db::nothing_to_do(outcome, version));
        }
        for note in
            messages::db::unreleased(outcome).into_iter().chain(messages::db::kept(&outcome.later))
        {
            self.note(note);
        }
        self.refused(&outcome.refused);
        if outcome.refused.is_empty() {
            self.next(messages::db::after_migrating(outcome));
        }
    }

    pub fn rolled_back(&self, outcome: &Outcome) {
        self.progress.clear();
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
        for note in messages::db::kept(&plan.later).iter().chain(notes) {
            self.note(note);
        }
        for overrun in overruns {
            self.warning(messages::db::overrun(overrun));
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
            let files = quantities::count(found.files, "migration file");
            match warnings {
                0 => println!("{files}, no problem"),
                _ => println!("{files}, no problem, {}", quantities::count(warnings, "warning")),
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
}

impl Observer for Report {
    fn event(&self, event: Event) {
        self.progress.event(event);
    }
}

/// Returns true if a later stage of the change has ended what is to be said after this one.
fn is_outdated(done: &Done, later: &[Done]) -> bool {
    let ends = |stage| matches!(stage, Some(Stage::Contract | Stage::Purge));
    done.stage.is_some() && later.iter().any(|own| own.name == done.name && ends(own.stage))
}
