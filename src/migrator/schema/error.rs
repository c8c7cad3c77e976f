use std::path::PathBuf;

use sea_orm::DbErr;

use crate::database::dump::DumpFailure;
use crate::manifest::DatabaseKind;
use crate::model::{ChangeName, State};

/// Why there is no schema dump, or none that can be loaded. Nothing has changed, unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The schema cannot be read.
    #[error(transparent)]
    Dump(#[from] DumpFailure),
    /// A change has begun and not ended: such a schema is that of no release.
    #[error("change `{change}` is in state `{state}`, and a schema dump has no half of a change")]
    Unfinished {
        /// The change.
        change: ChangeName,
        /// How far it is.
        state: State,
    },
    /// A migration has begun and not ended.
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
        /// That of the dump.
        dump: DatabaseKind,
        /// That of the database.
        database: DatabaseKind,
    },
    /// The database has tables, or migrations have run on it.
    #[error("the database is not empty: {found}")]
    NotEmpty {
        /// What it has.
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
        /// Its file's name behind the id.
        file: String,
    },
    /// The schema is not what the dump's last lines say.
    #[error("the schema dump does not fit the migrations that it lists: {reason}")]
    Content {
        /// Why.
        reason: String,
    },
    /// A statement of the dump failed.
    #[error("a statement of the schema dump failed")]
    Statement {
        /// Whether what came before it is undone.
        undone: bool,
        /// Why.
        #[source]
        source: DbErr,
    },
}

impl SchemaError {
    /// What to type or look at next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Dump(DumpFailure::Program(error)) => error.hint(),
            Self::Dump(DumpFailure::Database(_)) => {
                "check the database, then run the same command again".to_owned()
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
                "restore the file from version control, or make the dump anew: `handover db dump`"
                    .to_owned()
            }
            Self::Content { .. } => "make the dump anew: `handover db dump`".to_owned(),
            Self::Statement { undone: true, .. } => {
                "mend the dump or the database, then run the same command again".to_owned()
            }
            Self::Statement { undone: false, .. } => {
                "what came before it is there: drop the database and create it again, mend the \
                 cause, then run the same command again"
                    .to_owned()
            }
        })
    }
}
