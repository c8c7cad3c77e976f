//! Why a schema cannot be dumped or loaded.

use std::path::PathBuf;

use sea_orm::DbErr;

use crate::database::dump::DumpFailure;
use crate::manifest::DatabaseKind;
use crate::model::{AppName, ChangeName, State, app_in_words};

/// Why a schema cannot be dumped or loaded. Nothing has changed, unless the variant says so.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The schema cannot be read.
    #[error(transparent)]
    Dump(#[from] DumpFailure),
    /// A change has begun and is not finished: such a schema belongs to no release.
    #[error(
        "change `{change}`{} is in state `{state}`, and a schema dump cannot contain half a change",
        other_app.as_ref().map(|app| format!(" of {}", app_in_words(app.as_ref()))).unwrap_or_default()
    )]
    Unfinished {
        /// The change.
        change: ChangeName,
        /// Its app, if that is another one; `None` in it for the one without a name.
        other_app: Option<Option<AppName>>,
        /// Its state.
        state: State,
    },
    /// A migration has begun and is not finished.
    #[error("migration `{id}_{slug}` has begun and is not finished")]
    Running {
        /// The migration.
        id: u64,
        /// Its change or name.
        slug: String,
    },
    /// Somebody migrated while the schema was read.
    #[error("the database was migrated while its schema was read")]
    Moved,
    /// The dump is of another kind of database.
    #[error("the dump is of {dump}, and the database is {database}")]
    Kind {
        /// The kind of the dump.
        dump: DatabaseKind,
        /// The kind of the database.
        database: DatabaseKind,
    },
    /// The database has tables, or migrations have run on it.
    #[error("the database is not empty: {found}")]
    NotEmpty {
        /// The reason that it is not empty.
        found: &'static str,
    },
    /// The file of a migration has changed since the dump was made.
    #[error("`{}` has changed since the schema was dumped (dumped with checksum `{dumped}`, found `{found}`)", path.display())]
    Edited {
        /// The file.
        path: PathBuf,
        /// The checksum in the dump.
        dumped: String,
        /// The checksum now.
        found: String,
    },
    /// The dump contains a migration that has no file.
    #[error("the schema dump contains migration `{id}_{file}`, whose file is gone")]
    Missing {
        /// The migration.
        id: u64,
        /// The name of its file, without the id.
        file: String,
    },
    /// The schema does not fit the last lines of the dump.
    #[error("the schema dump does not fit the migrations that it lists: {reason}")]
    Content {
        /// The reason.
        reason: String,
    },
    /// A statement of the dump failed.
    #[error("a statement of the schema dump failed")]
    Statement {
        /// True if everything before the statement is undone.
        undone: bool,
        /// The cause.
        #[source]
        source: DbErr,
    },
}

impl SchemaError {
    /// The next thing to type or look at.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Dump(DumpFailure::Program(error)) => error.hint(),
            Self::Dump(DumpFailure::Database(_)) => {
                "check the database, then run the same command again".to_owned()
            }
            Self::Unfinished { other_app: Some(_), .. } => {
                "finish it with `handover db migrate` of that app, then run the same command again".to_owned()
            }
            Self::Unfinished { .. } => {
                "finish it with `handover db migrate`, or dump what is whole: `handover db dump --scratch`".to_owned()
            }
            Self::Running { .. } => "handover db migrate".to_owned(),
            Self::Moved => "run the same command again".to_owned(),
            Self::Kind { database, .. } => {
                format!("load `{}`, or check DATABASE_URL", database.dump_file())
            }
            Self::NotEmpty { .. } => {
                "a dump is for a new database; bring this one up with `handover db migrate`"
                    .to_owned()
            }
            Self::Edited { path, .. } => {
                format!("restore it: `git checkout -- {}`", path.display())
            }
            Self::Missing { .. } => {
                "restore the file from version control, or make the dump again: `handover db dump`"
                    .to_owned()
            }
            Self::Content { .. } => "make the dump again: `handover db dump`".to_owned(),
            Self::Statement { undone: true, .. } => {
                "fix the dump or the database, then run the same command again".to_owned()
            }
            Self::Statement { undone: false, .. } => {
                "what came before it is there: drop the database and create it again, fix the \
                 cause, then run the same command again"
                    .to_owned()
            }
        })
    }
}
