use sea_orm::DbErr;

use super::functions::FunctionError;
use super::schema::SchemaError;
use super::trial::TrialError;
use crate::database::tables::Fenced;
use crate::database::{Dialect, Fault, LockError, fault};
use crate::model::{Change, ChangeName, Identifier, Release, Stage, State, TableName};
use crate::plan::{Instance, PlanError, Refusal};
use crate::releases::ReleasesError;

/// Why a run ended early. Everything done before stays done; the same command resumes.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The lock of the runner is not to be had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The files cannot be read.
    #[error(transparent)]
    Releases(#[from] ReleasesError),
    /// The files and the history do not fit together.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A gate said no.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The tables are of a later handover.
    #[error("the handover tables have format {found}; this handover knows {known}")]
    Format {
        /// The database's.
        found: i64,
        /// The latest that this code knows.
        known: i64,
    },
    /// A database is initialised once.
    #[error("the database is initialised already{}", at.as_ref().map(|at| format!(", and at release {at}")).unwrap_or_default())]
    Initialised {
        /// The release that it has reached.
        at: Option<Release>,
    },
    /// A database that has tables was initialised without a word of what release they are of.
    #[error("the database has tables, but it was not said which release they are of")]
    Unsaid,
    /// A baseline cannot be what was said.
    #[error("the database cannot be at release {release}: {reason}")]
    Baseline {
        /// The release.
        release: Release,
        /// Why.
        reason: String,
    },
    /// There is no schema dump, or it cannot be loaded.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The migrations cannot be tried on a scratch database.
    #[error(transparent)]
    Trial(#[from] TrialError),
    /// A stage failed.
    #[error("{stage} of `{change}` for release {release} failed")]
    Stage {
        /// The change.
        change: ChangeName,
        /// The stage.
        stage: Stage,
        /// Its release.
        release: Release,
        /// Why.
        #[source]
        source: Box<StageError>,
    },
    /// A plain SQL migration failed.
    #[error("migration `{slug}` of release {release} failed")]
    Sql {
        /// Its name.
        slug: String,
        /// Its release.
        release: Release,
        /// Why.
        #[source]
        source: DbErr,
    },
    /// A Rust function failed; what it did is undone.
    #[error("Rust function `{slug}` of release {release} failed")]
    Function {
        /// Its name.
        slug: String,
        /// Its release.
        release: Release,
        /// Why.
        #[source]
        source: FunctionError,
    },
    /// A Rust function is to run, and this program does not have it.
    #[error("this program does not have Rust function `{slug}` of release {release}")]
    NoFunction {
        /// Its name.
        slug: String,
        /// Its release.
        release: Release,
    },
    /// The database failed outside of any stage.
    #[error("the database failed")]
    Database(#[from] DbErr),
}

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
    /// The column that would be added is there already.
    #[error("table `{table}` already has a column `{column}`")]
    ColumnExists {
        /// The table.
        table: TableName,
        /// The column.
        column: Identifier,
    },
    /// A name is longer than the database keeps.
    #[error("`{name}` is longer than the {limit} that {dialect} keeps of a name")]
    NameTooLong {
        /// The name.
        name: Identifier,
        /// The limit.
        limit: usize,
        /// The database.
        dialect: Dialect,
    },
    /// Something about the table or column cannot be carried over.
    #[error("`{table}.{column}` cannot be renamed this way: {reason}")]
    Unfit {
        /// The table.
        table: TableName,
        /// The column.
        column: Identifier,
        /// What stands in the way.
        reason: String,
    },
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
    /// Live instances still use what the next state does away with.
    #[error("{} running process(es) have not acknowledged epoch {epoch}", waiting.len())]
    Behind {
        /// The epoch.
        epoch: u64,
        /// The instances.
        waiting: Vec<Instance>,
    },
    /// Transactions that stay open hold the table.
    #[error("transactions that stay open hold table `{table}`")]
    Busy {
        /// The table.
        table: TableName,
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
    /// The session that holds the migration lock has ended, and the lock with it.
    #[error("the connection that held the migration lock was ended")]
    LockLost,
    /// Another runner has moved the change.
    #[error(transparent)]
    Fenced(#[from] Fenced),
    /// The note that expand made of the column cannot be read.
    #[error("what `handover_changes` records of the column cannot be read")]
    Definition(#[from] serde_json::Error),
    /// The database failed.
    #[error("the database refused a step")]
    Database(#[from] DbErr),
}

impl StageError {
    /// Whether the step only missed a lock, so that trying again may succeed.
    #[must_use]
    pub fn is_missed_lock(&self) -> bool {
        match self {
            Self::Busy { .. } => true,
            Self::Database(error) => fault(error) == Fault::Lock,
            _ => false,
        }
    }

    /// What to type or look at next.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NoTable { .. } | Self::NoColumn { .. } => {
                "check the table and column in the migration file against the database".to_owned()
            }
            Self::ColumnExists { column, .. } => format!(
                "if nothing uses `{column}`, drop it by hand and run `handover db migrate` again"
            ),
            Self::NameTooLong { .. } => "choose a shorter name".to_owned(),
            Self::Unfit { .. } => {
                "drop or change what stands in the way, then run `handover db migrate` again"
                    .to_owned()
            }
            Self::State { .. } | Self::Unknown { .. } | Self::Fenced(_) => {
                "handover db status".to_owned()
            }
            Self::Behind { .. } => {
                "handover db migrate --wait 5m (or stop the processes that do not answer)"
                    .to_owned()
            }
            Self::Differ { .. } => {
                "look for a trigger or job that writes only one of the columns, then run `handover \
                 db migrate` again"
                    .to_owned()
            }
            Self::LockLost => "run the same command again".to_owned(),
            Self::Database(error)
                if error.to_string().contains("log_bin_trust_function_creators") =>
            {
                "let this user create triggers: `SET GLOBAL log_bin_trust_function_creators = 1`, \
                 then run the same command again"
                    .to_owned()
            }
            Self::Definition(_) => "restore handover_changes from a backup".to_owned(),
            _ if self.is_missed_lock() => {
                "a transaction holds the table for longer than lock.patience; end it, then run the \
                 same command again"
                    .to_owned()
            }
            Self::Busy { .. } | Self::Database(_) => {
                "mend the cause, then run the same command again".to_owned()
            }
        }
    }
}

impl MigrateError {
    /// What to type or look at next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Lock(LockError::Held) => {
                Some("wait for the other run, then `handover db status`".to_owned())
            }
            Self::Database(error) if fault(error) == Fault::Lock => Some(
                "another transaction holds the database; end it, then run the same command again"
                    .to_owned(),
            ),
            Self::Lock(_) | Self::Database(_) => {
                Some("check the database, then run the same command again".to_owned())
            }
            Self::Releases(error) => error.hint(),
            Self::Plan(error) => error.hint(),
            Self::Refused(refusal) => refusal.hint(),
            Self::Schema(error) => error.hint(),
            Self::Trial(error) => error.hint(),
            Self::Format { .. } => Some("upgrade handover".to_owned()),
            Self::Initialised { .. } => Some("see where it is: `handover db status`".to_owned()),
            Self::Unsaid => {
                Some("give the release: `handover db init --baseline X.Y.Z`".to_owned())
            }
            Self::Baseline { .. } => Some(
                "give the release whose schema it has: `handover db init --baseline X.Y.Z`"
                    .to_owned(),
            ),
            Self::Stage { source, .. } => Some(source.hint()),
            Self::NoFunction { .. } => {
                Some("run the app's own command, in which it is registered".to_owned())
            }
            Self::Function { .. } => {
                Some("mend the function or the data, then run the same command again".to_owned())
            }
            Self::Sql { .. } => {
                Some("mend the SQL or the database, then run the same command again".to_owned())
            }
        }
    }
}

pub(super) fn failed(
    change: &Change,
    stage: Stage,
    release: &Release,
    source: StageError,
) -> MigrateError {
    let (name, source) = (change.name.clone(), Box::new(source));
    MigrateError::Stage { change: name, stage, release: release.clone(), source }
}

/// Instances that do not acknowledge in time are a gate's "no", also in the middle of a stage.
pub(super) fn refusal(error: MigrateError) -> Result<Refusal, MigrateError> {
    match error {
        MigrateError::Stage { change, stage, release, source } => match *source {
            StageError::Behind { epoch, waiting } => {
                Ok(Refusal::Acknowledge { change, stage, release, epoch, waiting })
            }
            source => Err(MigrateError::Stage { change, stage, release, source: Box::new(source) }),
        },
        other => Err(other),
    }
}
