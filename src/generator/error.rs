use std::path::PathBuf;

use super::name;
use crate::manifest::ManifestError;
use crate::model::{ColumnPath, Identifier, InvalidChangeName, Release};
use crate::releases::{CheckError, ReleasesError};

/// Why a change could not be generated; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum GeneratorError {
    /// The column is called that already.
    #[error("cannot rename `{column}` to `{to}`: it is called that already")]
    Unchanged {
        /// The column.
        column: ColumnPath,
        /// The name afterwards.
        to: Identifier,
    },
    /// Both names are the same to a database that ignores case.
    #[error("cannot rename `{column}` to `{to}`: to a database that ignores case it is one name")]
    SameName {
        /// The column.
        column: ColumnPath,
        /// The name afterwards.
        to: Identifier,
    },
    /// The name is longer than a database's names may be.
    #[error(
        "cannot rename `{column}` to `{to}`: {databases} would cut the name, which has {bytes} bytes and {characters} characters"
    )]
    TooLong {
        /// The column.
        column: ColumnPath,
        /// The name afterwards.
        to: Identifier,
        /// Which databases, with their limits.
        databases: &'static str,
        /// Its length in bytes.
        bytes: usize,
        /// Its length in characters.
        characters: usize,
    },
    /// The contract's release is not later than that of the backfill.
    #[error(
        "the contract of `{column}` cannot be in release {contract}: it must be later than {release}, the release of its backfill"
    )]
    ContractRelease {
        /// The column.
        column: ColumnPath,
        /// The release of expand and backfill.
        release: Release,
        /// The release of the contract.
        contract: Release,
    },
    /// A release is given for the contract only.
    #[error("release {contract} is given for the contract of `{column}`, but none for its expand")]
    ContractOnly {
        /// The column.
        column: ColumnPath,
        /// The release of the contract.
        contract: Release,
    },
    /// The new files do not fit with those of the project.
    #[error("cannot rename `{column}` to `{to}` beside the other changes")]
    Files {
        /// The column.
        column: ColumnPath,
        /// The name afterwards.
        to: Identifier,
        /// Why.
        #[source]
        source: Box<CheckError>,
    },
    /// No id could be made of the names.
    #[error("no id of a change could be made of the names")]
    ChangeName(#[source] InvalidChangeName),
    /// A plain SQL migration cannot be called that.
    #[error("`{}` is no name for a migration; use 1 to 120 of lower-case letters, digits and `_`", name.escape_debug())]
    SqlName {
        /// The name.
        name: String,
    },
    /// A plain SQL migration would have the name of a change.
    #[error("`{name}` is the name of a change already (`{}`)", path.display())]
    SqlNameTaken {
        /// The name.
        name: String,
        /// A file of the change.
        path: PathBuf,
    },
    /// There are not as many ids before the first migration of a release.
    #[error(
        "cannot reserve {count} slots at the start of {release}: only {free} ids are free before {}",
        path.as_ref().map_or("the present time".to_owned(), |path| format!("`{}`", path.display()))
    )]
    NoRoom {
        /// The release.
        release: Release,
        /// How many were asked for.
        count: usize,
        /// How many there are.
        free: usize,
        /// The first migration.
        path: Option<PathBuf>,
    },
    /// A template of the project cannot be read.
    #[error(transparent)]
    Read(#[from] ReleasesError),
    /// A template cannot be rendered.
    #[error("{}{}: the template cannot be rendered", file.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
    Template {
        /// The template.
        file: PathBuf,
        /// The line, where known.
        line: Option<usize>,
        /// Why.
        #[source]
        source: minijinja::Error,
    },
    /// A template renders something that is no stage file.
    #[error("the template `{}` does not give a stage file", file.display())]
    NoManifest {
        /// The template.
        file: PathBuf,
        /// Why.
        #[source]
        source: ManifestError,
    },
    /// A template renders a stage file that says something else than it must.
    #[error("the template `{}` gives a stage file whose `{key}` is not `{expected}`", file.display())]
    Differs {
        /// The template.
        file: PathBuf,
        /// Which key.
        key: &'static str,
        /// What it must say.
        expected: String,
    },
}

impl GeneratorError {
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Read(error) => return error.hint(),
            Self::Files { source, .. } => match &**source {
                CheckError::Overlap { .. } => {
                    "finish the other change first, or begin this one in \
                     a later release than the other's contract: `--release X.Y.Z`"
                        .to_owned()
                }
                other => return other.hint(),
            },
            Self::Unchanged { column, .. } => {
                format!("choose another name: `handover gen rename {column} NAME`")
            }
            Self::SameName { column, .. } => format!(
                "rename in two steps, first to a third name: `handover gen rename {column} NAME`"
            ),
            Self::ChangeName(_) => return None,
            Self::NoRoom { release, free: 0, .. } => format!(
                "nothing can be before the first migration of {release}; reserve slots in a later \
                 release: `handover gen reserve --release X.Y.Z`"
            ),
            Self::NoRoom { release, free, .. } => {
                format!("handover gen reserve --release {release} --count {free}")
            }
            Self::SqlName { name } => {
                format!("choose another name: `handover gen sql {}`", name::suggested(name))
            }
            Self::SqlNameTaken { .. } => "choose another name: `handover gen sql NAME`".to_owned(),
            Self::TooLong { column, .. } => {
                format!("choose a shorter name: `handover gen rename {column} NAME`")
            }
            Self::ContractRelease { release, .. } => {
                format!("leave out `--contract-release`, which gives {}", release.next_patch())
            }
            Self::ContractOnly { .. } => "give `--release X.Y.Z` as well".to_owned(),
            Self::Template { file, .. }
            | Self::NoManifest { file, .. }
            | Self::Differs { file, .. } => {
                format!("correct `{}`, or remove it to use the embedded template", file.display())
            }
        })
    }
}
