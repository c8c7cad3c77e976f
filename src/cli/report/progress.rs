//! The progress of a run: a bar on a terminal, a line now and then elsewhere.

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anstream::eprintln;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::style::{GOOD, NOTE};
use crate::cli::messages;
use crate::migrator::{Event, Observer};

/// Prints what a run is doing.
pub struct Progress {
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

impl Progress {
    pub fn new(verbose: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self { verbose, terminal, live: Mutex::default() }
    }

    /// Removes the bar from the screen.
    pub fn clear(&self) {
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
                eprintln!("  {}", messages::db::copied(rows, estimated, copied));
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

impl Observer for Progress {
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
            Event::Waiting { instances, sessions } => {
                let sessions = sessions.iter().map(ToString::to_string);
                let instances = instances.iter().map(ToString::to_string);
                let names: Vec<String> = instances.chain(sessions).collect();
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
                let text = messages::db::overrun(&overrun);
                Self::line(&live, &format!("{NOTE}warning:{NOTE:#} {text}"));
            }
            Event::Started { name, stage, release, resumed, undo } => {
                let line = messages::db::started(&name, stage, &release, resumed, undo);
                Self::line(&live, &line);
            }
            Event::Finished { name, stage, took, undo, .. } => {
                if let Some(bar) = live.bar.take() {
                    bar.finish_and_clear();
                }
                (live.told, live.began) = (None, None);
                let line = messages::db::finished(&name, stage, took, undo);
                match line.split_once(':') {
                    Some((done, rest)) => eprintln!("{GOOD}{done}:{GOOD:#}{rest}"),
                    None => eprintln!("{line}"),
                }
            }
        }
    }
}
