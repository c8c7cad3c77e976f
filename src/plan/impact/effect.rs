//! The effects of a migration: who waits, and how much work it is.

use crate::model::TableName;

/// The effects of a migration on those who use the database while it runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Impact {
    /// Each effect, in order.
    pub effects: Vec<Effect>,
}

/// One effect of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// A description of the effect and of who waits meanwhile, as a clause that begins with a verb.
    pub what: String,
    /// Its effect on the running app.
    pub traffic: Traffic,
    /// The table that it works on, if there is one.
    pub table: Option<TableName>,
    /// The amount of work.
    pub extent: Extent,
}

/// The effect on the running app, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Traffic {
    /// Nobody waits for longer than a moment.
    Runs,
    /// Statements of the app wait until it is done.
    Waits,
    /// The files do not tell.
    Unknown,
    /// Running code may fail.
    Breaks,
}

/// The amount of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extent {
    /// The same for a table of any size.
    Moment,
    /// Every row is read, as for an index.
    Scan,
    /// Every row is written.
    Copy,
    /// The files do not tell.
    Unknown,
}

impl Traffic {
    /// The word used in `--json`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Waits => "waits",
            Self::Unknown => "unknown",
            Self::Breaks => "breaks",
        }
    }
}

impl Impact {
    /// The worst effect on the running app.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.effects.iter().map(|effect| effect.traffic).max().unwrap_or(Traffic::Runs)
    }
}
