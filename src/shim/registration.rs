//! What a process knows of its own registration.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::snapshot::Drained;
use crate::database::columns::Listed;
use crate::model::{Client, TableName};

/// The registration of the process, which one task at a time changes.
#[derive(Debug, Default)]
pub(super) struct Registration {
    pub registered: bool,
    /// True if the database knows that this process understands the present format of the tables.
    pub format_recorded: bool,
    /// The role and the address of the process, and when the session began in which it first registered:
    /// later sessions of its pool are no older.
    pub client: Option<Client>,
    /// True if the database knows it.
    pub client_recorded: bool,
    /// True if the database knows the changes of other apps that the code has followed.
    pub followed_recorded: bool,
    pub acknowledged: u64,
    pub renewed: Option<Instant>,
    /// Earlier snapshots that something may still use, each with its epoch, the oldest first.
    pub draining: Vec<(u64, Drained)>,
    /// Closes when the snapshot in use has been dropped.
    pub drained: Option<Drained>,
    /// The moment at which the mapping in use was adopted.
    pub adopted: Option<Instant>,
    /// The tables of the changes that the mapping in use was made of.
    pub mapped: Vec<TableName>,
    /// The columns that the mapping in use was made of.
    pub tables: HashMap<TableName, Listed>,
}

/// The time after a change of state in which the process looks for the next one more often. A
/// migration makes several, and each waits until the one before has been acknowledged.
pub(super) const FREQUENT_FOR: Duration = Duration::from_mins(1);

impl Registration {
    pub fn forget_drained(&mut self) {
        self.draining.retain(|(_, drained)| drained.has_changed().is_ok());
    }
}
