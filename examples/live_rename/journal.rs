//! What a worker knows of its rows, in memory and in a file that survives it.
//!
//! Every worker owns its rows alone, so what they hold is never a matter of
//! timing. It notes what it is about to write, and again when the database has
//! acknowledged it; a row whose last note is an intent may be either way.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A row of `users` but for its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub name: String,
    pub email: Option<String>,
    pub version: i32,
    /// Stays as it is where code without the column updates the row.
    pub nickname: Option<String>,
}

/// A row as a write leaves it; none is a row that is deleted.
pub type Change = (i32, Option<Row>);

/// By id, what a row may be: one possibility, unless a write went unanswered.
pub type Rows = BTreeMap<i32, Vec<Option<Row>>>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Note {
    Intent(i32, Option<Row>),
    Acknowledged(i32, Option<Row>),
}

/// Which rows are whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owners {
    /// How many rows there were at first; they are dealt out in turn.
    pub seeded: i32,
    /// How many workers there are, in all instances.
    pub workers: i32,
}

impl Owners {
    /// So many ids has each worker for the rows that it inserts.
    const RANGE: i32 = 1_000_000;

    pub fn of(self, id: i32) -> i32 {
        if id <= self.seeded { id % self.workers } else { id / Self::RANGE - 1 }
    }

    pub fn first_id(worker: i32) -> i32 {
        (worker + 1) * Self::RANGE
    }
}

/// The file of a worker's notes.
pub fn path(folder: &Path, worker: i32) -> PathBuf {
    folder.join(format!("worker-{worker}.jsonl"))
}

/// What the rows may be, going by a file of notes.
pub fn replay(path: &Path) -> io::Result<Rows> {
    let mut rows = Rows::new();
    // A line cut short by a kill was noted before anything was sent.
    for note in fs::read_to_string(path)?.lines().filter_map(|line| serde_json::from_str(line).ok())
    {
        apply(&mut rows, note);
    }
    Ok(rows)
}

fn apply(rows: &mut Rows, note: Note) {
    match note {
        Note::Intent(id, row) => rows.entry(id).or_insert_with(|| vec![None]).push(row),
        Note::Acknowledged(id, row) => {
            rows.insert(id, vec![row]);
        }
    }
}

pub struct Journal {
    file: File,
    rows: Rows,
}

impl Journal {
    /// Takes up where the worker before, of an earlier release, left off.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        let rows = replay(path)?;
        file.write_all(b"\n")?;
        Ok(Self { file, rows })
    }

    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// To be called before a write is sent.
    pub fn intend(&mut self, changes: &[Change]) -> io::Result<()> {
        self.note(changes, Note::Intent)
    }

    /// To be called when the database has said yes, or what a row is.
    pub fn acknowledge(&mut self, changes: &[Change]) -> io::Result<()> {
        self.note(changes, Note::Acknowledged)
    }

    fn note(
        &mut self,
        changes: &[Change],
        note: impl Fn(i32, Option<Row>) -> Note,
    ) -> io::Result<()> {
        let mut lines = Vec::new();
        for (id, row) in changes {
            let note = note(*id, row.clone());
            serde_json::to_writer(&mut lines, &note)?;
            lines.push(b'\n');
            apply(&mut self.rows, note);
        }
        self.file.write_all(&lines)
    }
}
