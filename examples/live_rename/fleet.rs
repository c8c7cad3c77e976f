//! The instances, as their supervisor sees them.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use clap::ValueEnum as _;

use crate::Result;
use crate::site::Site;
use crate::story::Kind;
use crate::tally::Report;

const PATIENCE: Duration = Duration::from_mins(1);

/// What is known of the instances, by slot. Shared with the timeline.
#[derive(Clone, Default)]
pub struct Board(Arc<Mutex<Vec<Seat>>>);

#[derive(Clone, Default)]
pub struct Seat {
    /// The release that runs in this slot, if one does at the moment.
    pub release: Option<String>,
    /// What earlier processes in this slot have done.
    before: Report,
    /// What the present one has done, once it is at work.
    now: Option<Report>,
}

impl Board {
    pub fn seats(&self) -> Vec<Seat> {
        self.lock().clone()
    }

    /// What all instances have done so far.
    pub fn total(&self) -> Report {
        let mut total = Report::default();
        for seat in self.lock().iter() {
            total.add(&seat.before);
            seat.now.iter().for_each(|now| total.add(now));
        }
        total
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Seat>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Instance {
    child: Child,
    reader: JoinHandle<()>,
}

pub struct Fleet {
    pub board: Board,
    instances: Vec<Option<Instance>>,
    database_url: String,
    journals: PathBuf,
    root: PathBuf,
    kind: Kind,
}

impl Fleet {
    pub fn new(site: &Site, slots: usize) -> Self {
        let board = Board::default();
        board.lock().resize_with(slots, Seat::default);
        Self {
            board,
            instances: (0..slots).map(|_| None).collect(),
            database_url: site.database_url.clone(),
            journals: site.journals(),
            root: site.root().to_owned(),
            kind: site.kind,
        }
    }

    pub fn slots(&self) -> usize {
        self.instances.len()
    }

    /// Starts a process of this release, and waits until it is at work.
    pub fn start(&mut self, slot: usize, release: &str) -> Result<()> {
        let kind = self.kind.to_possible_value().ok_or("no name of the change")?;
        let mut child = Command::new(crate::command::example()?)
            .args(["instance", "--release", release, "--slot", &slot.to_string()])
            .args(["--change", kind.get_name()])
            .args(["--database-url", &self.database_url, "--journals"])
            .arg(&self.journals)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(self.log(slot))?)
            .spawn()?;
        let output = child.stdout.take().ok_or("no output of an instance")?;
        let board = self.board.clone();
        let reader = thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Ok(report) = serde_json::from_str(&line) {
                    board.lock()[slot].now = Some(report);
                }
            }
        });
        self.board.lock()[slot].release = Some(release.to_owned());
        self.instances[slot] = Some(Instance { child, reader });
        self.wait_for_work(slot)
    }

    /// Lets a process finish what it is at, and waits for its end.
    pub fn stop(&mut self, slot: usize) -> Result<()> {
        let Some(Instance { mut child, reader }) = self.instances[slot].take() else {
            return Ok(());
        };
        drop(child.stdin.take());
        let status = wait(&mut child)?;
        let _ = reader.join();
        let mut board = self.board.lock();
        let seat = &mut board[slot];
        seat.release = None;
        if let Some(report) = seat.now.take() {
            seat.before.add(&report);
        }
        drop(board);
        if status.success() { Ok(()) } else { Err(self.failure(slot, &status.to_string())) }
    }

    fn wait_for_work(&mut self, slot: usize) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while self.board.lock()[slot].now.is_none() {
            let instance = self.instances[slot].as_mut().ok_or("no instance")?;
            if let Some(status) = instance.child.try_wait()? {
                return Err(self.failure(slot, &status.to_string()));
            }
            if Instant::now() > deadline {
                return Err(self.failure(slot, "no statement yet"));
            }
            sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn failure(&self, slot: usize, how: &str) -> Box<dyn std::error::Error + Send + Sync> {
        let said = fs::read_to_string(self.log(slot)).unwrap_or_default();
        format!("instance {slot}: {how}: {}", said.trim()).into()
    }

    fn log(&self, slot: usize) -> PathBuf {
        self.root.join(format!("instance-{slot}.log"))
    }
}

fn wait(child: &mut Child) -> Result<ExitStatus> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() > deadline {
            child.kill()?;
        }
        sleep(Duration::from_millis(5));
    }
}
