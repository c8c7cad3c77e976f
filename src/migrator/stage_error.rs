//! Why a stage failed.

use sea_orm::DbErr;

use super::blocker::{Blocker, list};
use crate::database::catalog::Unreadable;
use crate::database::tables::Fenced;
use crate::database::{Dialect, Fault, fault};
use crate::model::{ChangeName, Identifier, Instance, InvalidSql, Stage, State, TableName};
use crate::plan::Obstacle;

/// Why a stage failed. Nothing of the step that failed remains.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The table does not exist.
    #[error("there is no table `{table}`")]
    NoTable {
        /// The table.
        table: TableName,
    },
    /// A column does not exist.
    #[error("table `{table}` has no column `{column}`")]
    NoColumn {
        /// The table.
        table: TableName,
        /// The column.
        column: Identifier,
    },
    /// The column that is to be dropped is gone already, and nobody has put it aside.
    #[error("`{table}.{column}` is gone: somebody has dropped it by hand, with its values")]
    Gone {
        /// The table.
        table: TableName,
        /// The column.
        column: Identifier,
        /// Its names as SQL: the table, and the column.
        quoted: (String, String),
    },
    /// The column to add already exists.
    #[error("table `{table}` already has a column `{column}`")]
    ColumnExists {
        /// The table.
        table: TableName,
        /// The column.
        column: Identifier,
    },
    /// A name is longer than the database keeps.
    #[error("the name `{name}` is too long: the limit of {dialect} is {limit}")]
    NameTooLong {
        /// The name.
        name: Identifier,
        /// The limit.
        limit: usize,
        /// The database.
        dialect: Dialect,
    },
    /// Something about the table or column cannot be carried over.
    #[error("`{table}.{column}` cannot be {done} this way: {}", all(obstacles))]
    Unfit {
        /// The table.
        table: TableName,
        /// The column.
        column: Identifier,
        /// The change, as a participle: `renamed`.
        done: &'static str,
        /// The obstacles.
        obstacles: Vec<Obstacle>,
        /// The other way to make the change, if nothing stands in its way.
        other_way: Option<String>,
    },
    /// Something needs the column that is to be dropped.
    #[error("`{table}.{column}` cannot be dropped: {}", all(obstacles))]
    Needed {
        /// The table.
        table: TableName,
        /// The column.
        column: Identifier,
        /// The obstacles.
        obstacles: Vec<Obstacle>,
    },
    /// Running code still names the column that is to be dropped.
    #[error("running code still names `{table}.{column}`: {}", all(obstacles))]
    StillNamed {
        /// The table.
        table: TableName,
        /// The column.
        column: Identifier,
        /// The processes, each with a statement.
        obstacles: Vec<Obstacle>,
    },
    /// The column cannot be NOT NULL again.
    #[error("`{table}.{column}` cannot be NOT NULL again: {reason}")]
    NotNullAgain {
        /// The table.
        table: TableName,
        /// The column.
        column: Identifier,
        /// The reason, in words.
        reason: String,
        /// The next thing to do.
        hint: String,
    },
    /// Values of the column do not survive the conversion in both directions.
    #[error(
        "{rows} row(s) of `{table}` have a value of `{column}` that does not become a `{sql_type}` and the same value again: {}",
        all(keys)
    )]
    Unconvertible {
        /// The table.
        table: TableName,
        /// The column.
        column: Identifier,
        /// The type that the values should get.
        sql_type: String,
        /// The number of such rows.
        rows: i64,
        /// The keys of some of them.
        keys: Vec<String>,
    },
    /// A process does not know this kind of change.
    #[error(
        "these processes were built with a version of handover that does not know this kind of change: {}",
        all(waiting)
    )]
    Outdated {
        /// The processes.
        waiting: Vec<Instance>,
    },
    /// One of the two columns has something that the other lacks, and that cannot be carried over.
    #[error("`{table}.{target}` lacks what `{source_column}` has: {}", all(lacks))]
    Lacks {
        /// The table.
        table: TableName,
        /// The column that has it.
        source_column: Identifier,
        /// The column that lacks it.
        target: Identifier,
        /// The things that it lacks, in words.
        lacks: Vec<String>,
    },
    /// An expression of the catalog cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The change is not in the state that the stage begins with.
    #[error("change `{change}` is in state {found}, from which {stage} cannot go on")]
    State {
        /// The change.
        change: ChangeName,
        /// The stage.
        stage: Stage,
        /// The state.
        found: State,
    },
    /// The database does not know the change although an earlier stage ran.
    #[error("the database has no record of change `{change}`")]
    Unknown {
        /// The change.
        change: ChangeName,
    },
    /// Live instances still use a column that the next state gives up.
    #[error("{} running process(es) have not acknowledged epoch {epoch}", waiting.len())]
    Behind {
        /// The epoch.
        epoch: u64,
        /// The instances.
        waiting: Vec<Instance>,
    },
    /// Transactions that stay open hold the table.
    #[error("transactions that stay open hold table `{table}`{}", list(": ", blockers))]
    Busy {
        /// The table.
        table: TableName,
        /// The holders, as far as the database shows them.
        blockers: Vec<Blocker>,
    },
    /// An autovacuum that PostgreSQL does not cancel holds the table.
    #[error("an autovacuum to prevent wraparound holds table `{table}`: {worker}")]
    Wraparound {
        /// The table.
        table: TableName,
        /// The autovacuum.
        worker: Blocker,
    },
    /// The two columns differ although everything writes both.
    #[error("rows of `{table}` still differ between `{from}` and `{to}` after copying them")]
    Differ {
        /// The table.
        table: TableName,
        /// One column.
        from: Identifier,
        /// The other.
        to: Identifier,
    },
    /// The operator's health query failed.
    #[error("the query of `backfill.health_query` failed")]
    Health {
        /// The cause.
        #[source]
        source: DbErr,
    },
    /// A limit for the lag of replicas is set, but this database does not show that lag.
    #[error(
        "`backfill.max_replica_lag` is set, and {dialect} does not tell how far a replica is behind"
    )]
    Lag {
        /// The database.
        dialect: Dialect,
    },
    /// This role may not see how far the replicas are behind.
    #[error("`backfill.max_replica_lag` is set, and this role may not see pg_stat_replication")]
    LagHidden,
    /// The session that holds the migration lock has ended, and the lock with it.
    #[error("the connection that held the migration lock was ended")]
    LockLost,
    /// Another runner has moved the change.
    #[error(transparent)]
    Fenced(#[from] Fenced),
    /// The recorded conversion cannot be read.
    #[error(transparent)]
    Conversion(#[from] InvalidSql),
    /// The note that expand made of the column cannot be read.
    #[error("the record of the column in `handover_changes` cannot be read")]
    Definition(#[from] serde_json::Error),
    /// The database failed.
    #[error("the database refused a step")]
    Database(#[from] DbErr),
}

impl StageError {
    /// Returns true if the step only missed a lock, so that trying again may succeed.
    #[must_use]
    pub fn is_missed_lock(&self) -> bool {
        match self {
            Self::Busy { .. } | Self::Wraparound { .. } => true,
            Self::Database(error) => Self::is_lock(error),
            _ => false,
        }
    }

    /// Returns true if nothing could be tried because the database is read-only.
    pub(super) fn is_read_only(&self) -> bool {
        let Self::Unfit { obstacles, .. } = self else { return false };
        let said = "attempt to write a readonly database";
        obstacles.iter().any(|obstacle| obstacle.what.contains(said))
    }

    /// Returns true if a database error is a missed lock.
    #[must_use]
    pub fn is_lock(error: &DbErr) -> bool {
        fault(error) == Fault::Lock
    }

    /// Returns true if the stage refuses to go on, rather than fails.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NoTable { .. }
                | Self::NoColumn { .. }
                | Self::Gone { .. }
                | Self::ColumnExists { .. }
                | Self::NameTooLong { .. }
                | Self::Unfit { .. }
                | Self::Unconvertible { .. }
                | Self::Needed { .. }
                | Self::StillNamed { .. }
                | Self::NotNullAgain { .. }
                | Self::Lacks { .. }
                | Self::Outdated { .. }
                | Self::Unreadable(_)
        ) || self.is_missed_lock()
    }
}

fn all(items: &[impl std::fmt::Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
