//! What happens, while it happens: a live view on a terminal, else plain lines.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::command::Handover;
use crate::fleet::Board;

pub struct Timeline {
    paper: Paper,
    ticker: Option<(Sender<()>, JoinHandle<()>)>,
}

/// What is written on; goes to standard error, as progress does.
#[derive(Clone)]
struct Paper {
    started: Instant,
    live: Option<MultiProgress>,
}

impl Timeline {
    pub fn start(board: Board, handover: Handover) -> Self {
        let live = io::stderr().is_terminal().then(MultiProgress::new);
        let paper = Paper { started: Instant::now(), live };
        let (stop, told) = mpsc::channel();
        let follower = Follower::new(paper.clone(), board, handover);
        let ticker = thread::spawn(move || follower.follow(&told));
        Self { paper, ticker: Some((stop, ticker)) }
    }

    pub fn event(&self, what: &str) {
        self.paper.event(what);
    }

    /// A line that the command printed.
    pub fn output(&self, line: &str) {
        self.paper.line(&format!("             | {line}"));
    }

    pub fn elapsed(&self) -> Duration {
        self.paper.started.elapsed()
    }
}

impl Drop for Timeline {
    fn drop(&mut self) {
        if let Some((stop, ticker)) = self.ticker.take() {
            drop(stop);
            let _ = ticker.join();
        }
    }
}

impl Paper {
    fn event(&self, what: &str) {
        self.line(&format!("{:>7.1} s    {what}", self.started.elapsed().as_secs_f64()));
    }

    fn line(&self, line: &str) {
        // Nothing sensible is left to do where standard error is closed.
        let _ = match &self.live {
            Some(terminal) => terminal.println(line),
            None => writeln!(io::stderr(), "{line}"),
        };
    }
}

/// Looks once a second how things stand.
struct Follower {
    paper: Paper,
    board: Board,
    handover: Handover,
    bars: Vec<ProgressBar>,
    statements: u64,
    looked: Instant,
}

impl Follower {
    fn new(paper: Paper, board: Board, handover: Handover) -> Self {
        let mut bars = Vec::new();
        if let Some(terminal) = &paper.live {
            let style = ProgressStyle::with_template("{spinner} {wide_msg}");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
            for _ in 0..=board.seats().len() {
                bars.push(terminal.add(ProgressBar::new_spinner().with_style(style.clone())));
            }
        }
        Self { paper, board, handover, bars, statements: 0, looked: Instant::now() }
    }

    fn follow(mut self, told: &mpsc::Receiver<()>) {
        while told.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
            self.look();
        }
        for bar in &self.bars {
            bar.finish_and_clear();
        }
    }

    fn look(&mut self) {
        let total = self.board.total();
        let milliseconds = self.looked.elapsed().as_millis().max(1);
        let since = total.statements.saturating_sub(self.statements);
        let rate = u128::from(since) * 1000 / milliseconds;
        (self.statements, self.looked) = (total.statements, Instant::now());

        let state = self.handover.state().unwrap_or_else(|| "pending".to_owned());
        let releases = self.board.seats().into_iter();
        let releases: Vec<_> =
            releases.map(|seat| seat.release.unwrap_or_else(|| "restarting".to_owned())).collect();
        let numbers = format!("{rate} statements/s, {} failed", total.failed);

        if let Some((first, rest)) = self.bars.split_first() {
            first.set_message(format!("{state}: {numbers}"));
            first.tick();
            for (number, (bar, release)) in rest.iter().zip(&releases).enumerate() {
                bar.set_message(format!("instance {number}: {release}"));
                bar.tick();
            }
        } else {
            self.paper.event(&format!("  {state:<10}  {}  {numbers}", releases.join(" ")));
        }
    }
}
