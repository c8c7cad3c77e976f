use crate::model::TableName;

/// What a migration does to those who use the database while it runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Impact {
    /// Each thing that it does, in order.
    pub effects: Vec<Effect>,
}

/// One thing that a migration does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// What it does and who waits meanwhile, as a clause that begins with a verb.
    pub what: String,
    /// Whether it can be done while the app is running.
    pub traffic: Traffic,
    /// The table that it goes through, if it does.
    pub table: Option<TableName>,
    /// How much there is to do.
    pub extent: Extent,
}

/// Whether something can be done while the app is running; from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Traffic {
    /// Nobody waits for longer than a moment.
    Runs,
    /// Statements of the app wait until it is done.
    Waits,
    /// It cannot be told from the files.
    Unknown,
    /// Code that is running may fail.
    Breaks,
}

/// How much there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extent {
    /// The same for a table of any size.
    Moment,
    /// Every row is read, as for an index.
    Scan,
    /// Every row is written.
    Copy,
    /// It cannot be told from the files.
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
    /// Whether the migration can run while the app is running.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.effects.iter().map(|effect| effect.traffic).max().unwrap_or(Traffic::Runs)
    }
}
