//! The position of a copy in its table, and the batch that comes next.

use serde::{Deserialize, Serialize};

/// The position of a walk. Stored in `handover_backfills` as JSON, so that the walk can resume.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cursor {
    /// The key of the last row that is done; `None` at the start.
    pub after: Option<Vec<String>>,
    /// The key of the last row when the walk began. Rows that come later need no copy, since
    /// every writer sets both columns by then; without an end, a walk could chase them forever.
    pub end: Option<Vec<String>>,
    /// Batches done.
    pub batches: u64,
    /// Rows that were looked at.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rows: u64,
    /// True for a part of a walk: it does not go past its end, even if rows have come behind it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bounded: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The rows of one batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch {
    /// The SQL condition for its rows, with no parameters.
    pub condition: String,
    /// The cursor after it; `None` if it is the last.
    pub next: Option<Cursor>,
    /// For rows without a key: the maximum number of rows that still differ. `next` applies if the
    /// batch had that many.
    pub limit: Option<u32>,
    /// The number of its rows, if that is known before they are read.
    pub rows: Option<u64>,
}
