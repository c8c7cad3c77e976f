//! Why the files and the history do not match.

use std::path::PathBuf;

use crate::model::{AppName, ChangeKind, ChangeName, Release, Stage, State, app_in_words};

/// The reason why the files and the database's history do not match.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A migration that ran has no file any more.
    #[error("migration `{id}_{slug}` of release {release} ran, but its file is gone")]
    Missing {
        /// The migration.
        id: u64,
        /// Its change or name.
        slug: String,
        /// Its release.
        release: Release,
    },
    /// A Rust function that ran is not registered.
    #[error(
        "Rust function `{id}_{slug}` of release {release} ran, but this program does not have it"
    )]
    Unregistered {
        /// The migration.
        id: u64,
        /// Its name.
        slug: String,
        /// Its release.
        release: Release,
    },
    /// The file of a migration has changed since it ran.
    #[error("`{}` has changed since it ran (recorded checksum `{recorded}`, found `{found}`)", path.display())]
    Edited {
        /// The file.
        path: PathBuf,
        /// The checksum when it ran.
        recorded: String,
        /// The checksum now.
        found: String,
    },
    /// A change would change a column that another change is not finished with.
    #[error(
        "change `{change}` ({kind:#}) cannot begin: change `{open}` ({open_kind:#}) is still in state `{state}`"
    )]
    Collision {
        /// The change that has not begun.
        change: ChangeName,
        /// Its table and columns.
        kind: Box<ChangeKind>,
        /// The change that is not finished.
        open: ChangeName,
        /// The table and columns of the open change.
        open_kind: Box<ChangeKind>,
        /// The state of the open change.
        state: State,
    },
    /// The database records the change with other columns than the file.
    #[error("`{}` says {kind:#}, but the database records change `{change}` as {recorded:#}", path.display())]
    Different {
        /// The file.
        path: PathBuf,
        /// The change.
        change: ChangeName,
        /// The table and columns in the file.
        kind: Box<ChangeKind>,
        /// The table and columns in the database.
        recorded: Box<ChangeKind>,
    },
    /// Another app has a change with this id.
    #[error("`{}` has change `{change}`, which the database records for {}", path.display(), app_in_words(app.as_ref()))]
    OtherApp {
        /// The file.
        path: PathBuf,
        /// The change.
        change: ChangeName,
        /// The app that the database records it for; `None` for the one without a name.
        app: Option<AppName>,
    },
    /// A stage cannot be undone while a later change of another app uses the same column.
    #[error(
        "{stage} of `{change}` cannot be undone: change `{other}` of {}, in state `{state}`, uses the same \
         column",
        app_in_words(app.as_ref())
    )]
    UsedByOtherApp {
        /// The change.
        change: ChangeName,
        /// The stage that was to be undone.
        stage: Stage,
        /// The change of the other app.
        other: ChangeName,
        /// That app; `None` for the one without a name.
        app: Option<AppName>,
        /// The state of its change.
        state: State,
    },
    /// A migration comes after something that does not exist.
    #[error("`{}` comes after `{after}`, and no change or migration is called that", path.display())]
    Dependency {
        /// The file.
        path: PathBuf,
        /// The name that it gives.
        after: ChangeName,
    },
    /// More steps back were asked for than there are.
    #[error("cannot undo that many migrations: {asked} were asked for, and {have} ran")]
    Steps {
        /// The number that was asked for.
        asked: usize,
        /// The number of migrations that ran.
        have: usize,
    },
    /// There is nothing to undo.
    #[error("there is nothing to undo: no migration has run")]
    Nothing,
    /// A Rust function has no way back.
    #[error("Rust function `{id}_{slug}` of release {release} has no way back")]
    FunctionWayBack {
        /// The migration.
        id: u64,
        /// Its name.
        slug: String,
        /// Its release.
        release: Release,
    },
    /// A stage has deleted the values.
    #[error("purge of `{change}` cannot be undone: it has deleted the values")]
    Purged {
        /// The migration.
        id: u64,
        /// The change.
        change: ChangeName,
        /// Its release.
        release: Release,
    },
    /// Plain SQL has no way back.
    #[error("migration `{id}_{slug}` of release {release} is plain SQL, which cannot be undone")]
    NoWayBack {
        /// The migration.
        id: u64,
        /// Its name.
        slug: String,
        /// Its release.
        release: Release,
    },
}

impl PlanError {
    /// The next thing to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Missing { .. } => {
                "restore the file from version control, then run `handover check`".to_owned()
            }
            Self::Unregistered { .. } => {
                "run the app's own command, in which it is registered; or register it again"
                    .to_owned()
            }
            Self::Edited { path, .. } | Self::Different { path, .. } => {
                format!("restore it: `git checkout -- {}`", path.display())
            }
            Self::OtherApp { path, .. } => format!(
                "if both apps use the column, only one of them renames it: remove the change's files here, \
                 and the shim of this app follows; otherwise give the change another id, and rename `{}`",
                path.display()
            ),
            Self::UsedByOtherApp { app, .. } => {
                format!(
                    "roll that change back first, with `handover db rollback` of {}",
                    app_in_words(app.as_ref())
                )
            }
            Self::Collision { open, .. } => {
                format!(
                    "see how far `{open}` is with `handover db status`, then finish it or roll it back"
                )
            }
            Self::Dependency { path, .. } => {
                format!("correct `after` in `{}`, then run `handover check`", path.display())
            }
            Self::Nothing => "see what ran: `handover db status`".to_owned(),
            Self::Steps { have, .. } => format!("run `handover db rollback --step {have}`"),
            Self::FunctionWayBack { .. } => {
                "give it one with `Function::undo`, or write another function that reverses it"
                    .to_owned()
            }
            Self::Purged { .. } => "restore the values from a backup".to_owned(),
            Self::NoWayBack { .. } => {
                "write another migration that reverses it, then run `handover db migrate`"
                    .to_owned()
            }
        })
    }
}
