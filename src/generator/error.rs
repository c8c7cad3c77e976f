//! Why a change could not be generated.

use std::path::PathBuf;

use super::change_name;
use crate::manifest::ManifestError;
use crate::model::{
    ColumnPath, Identifier, InvalidChangeName, InvalidName, InvalidSql, Release, Stage,
};
use crate::releases::{CheckError, ReleasesError};

/// The reason why a change could not be generated; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum GeneratorError {
    /// The column already has that name.
    #[error("cannot rename `{column}` to `{to}`: it already has that name")]
    Unchanged {
        /// The column.
        column: ColumnPath,
        /// The column's name after the rename.
        to: Identifier,
    },
    /// The table is one of handover's own.
    #[error("`{column}` is in a table of handover's own, which no change may touch")]
    OwnTable {
        /// The column.
        column: ColumnPath,
    },
    /// Both names are the same in a database that ignores case.
    #[error(
        "cannot rename `{column}` to `{to}`: a database that ignores case treats both names as one"
    )]
    SameName {
        /// The column.
        column: ColumnPath,
        /// The column's name after the rename.
        to: Identifier,
    },
    /// The name is longer than a database allows.
    #[error(
        "cannot rename `{column}` to `{to}`: {databases} would cut the name, which has {bytes} bytes and {characters} characters"
    )]
    TooLong {
        /// The column.
        column: ColumnPath,
        /// The column's name after the rename.
        to: Identifier,
        /// The databases that would cut the name, with their limits.
        databases: &'static str,
        /// Its length in bytes.
        bytes: usize,
        /// Its length in characters.
        characters: usize,
    },
    /// The new type or an expression of a change of type cannot be used.
    #[error("cannot change the type of `{column}`")]
    Conversion {
        /// The column.
        column: ColumnPath,
        /// The cause.
        #[source]
        source: InvalidSql,
    },
    /// The second column would have the name of the column.
    #[error(
        "the second column of `{column}` cannot have the name `{copy}`: a database that ignores case treats both names as one"
    )]
    SecondName {
        /// The column.
        column: ColumnPath,
        /// The name of the second column.
        copy: Identifier,
    },
    /// No valid name of a second column can be made from the column and the type.
    #[error("no valid name of a second column can be made from the column and the type")]
    SecondColumn(#[source] InvalidName),
    /// The contract's release is not later than the backfill's.
    #[error(
        "the contract of `{column}` cannot be in release {contract}: it must be later than {release}, the release of its {before}"
    )]
    ContractRelease {
        /// The column.
        column: ColumnPath,
        /// The release of the stages before it.
        release: Release,
        /// The last of these.
        before: Stage,
        /// The release of the contract.
        contract: Release,
    },
    /// The release in which the values are deleted is not later than the contract's.
    #[error(
        "the values of `{column}` cannot be deleted in release {purge}: it must be later than {contract}, the release of the contract"
    )]
    PurgeRelease {
        /// The column.
        column: ColumnPath,
        /// The release of the contract.
        contract: Release,
        /// The release in which the values are deleted.
        purge: Release,
    },
    /// A release is given for the contract only.
    #[error("release {contract} is given for the contract of `{column}`, but none for its expand")]
    ContractOnly {
        /// The column.
        column: ColumnPath,
        /// The release of the contract.
        contract: Release,
    },
    /// A release is given for the purge only.
    #[error(
        "the values of `{column}` are to be kept until {purge}, but its other stages have no release"
    )]
    PurgeOnly {
        /// The column.
        column: ColumnPath,
        /// The release in which the values are deleted.
        purge: Release,
    },
    /// The new files do not fit with those of the project.
    #[error("this change does not go beside the other ones: `{change}`")]
    Files {
        /// The change, in words.
        change: String,
        /// The cause.
        #[source]
        source: Box<CheckError>,
    },
    /// No valid change id can be made from the names.
    #[error("no valid change id can be made from the names")]
    ChangeName(#[source] InvalidChangeName),
    /// The name of a plain SQL migration is not valid.
    #[error("`{}` is not a valid migration name; use 1 to 120 lower-case letters, digits or `_`", name.escape_debug())]
    SqlName {
        /// The name.
        name: String,
    },
    /// A plain SQL migration would have the name of a change.
    #[error("`{name}` is already the name of a change (`{}`)", path.display())]
    SqlNameTaken {
        /// The name.
        name: String,
        /// A file of the change.
        path: PathBuf,
    },
    /// There are not enough free ids before the first migration of a release.
    #[error(
        "cannot reserve {count} slots at the start of {release}: only {free} ids are free before {}",
        path.as_ref().map_or("the present time".to_owned(), |path| format!("`{}`", path.display()))
    )]
    NoRoom {
        /// The release.
        release: Release,
        /// The number that was asked for.
        count: usize,
        /// The number of free ids.
        free: usize,
        /// The first migration of the release.
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
        /// The line, if it is known.
        line: Option<usize>,
        /// The cause.
        #[source]
        source: minijinja::Error,
    },
    /// A template renders something that is not a stage file.
    #[error("the template `{}` does not give a stage file", file.display())]
    NoManifest {
        /// The template.
        file: PathBuf,
        /// The cause.
        #[source]
        source: ManifestError,
    },
    /// No template belongs to a stage of this kind of change.
    #[error("there is no template for the stage `{stage}` of `{kind}`")]
    NoTemplate {
        /// The key of the kind.
        kind: &'static str,
        /// The stage.
        stage: Stage,
    },
    /// A template renders a stage file of another kind of change.
    #[error("the template `{}` gives a stage file of `{found}`, not of `{expected}`", file.display())]
    OtherKind {
        /// The template.
        file: PathBuf,
        /// The key of the kind that it must have.
        expected: &'static str,
        /// The key of its kind.
        found: &'static str,
    },
    /// A template renders a stage file with a wrong value.
    #[error("the template `{}` gives a stage file whose `{key}` is not `{expected}`", file.display())]
    Differs {
        /// The template.
        file: PathBuf,
        /// The key with the wrong value.
        key: &'static str,
        /// The value that it must have.
        expected: String,
    },
}

impl GeneratorError {
    /// The next thing to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Read(error) => return error.hint(),
            Self::Files { source, .. } => match &**source {
                CheckError::Overlap { until, .. } => format!(
                    "finish the other change first, or begin this one in a later release than the \
                     other's {until}: `--release RELEASE`"
                ),
                other => return other.hint(),
            },
            Self::Unchanged { column, .. } => {
                format!("choose another name: `handover gen rename {column} NAME`")
            }
            Self::OwnTable { .. } => "name a column of one of your app's tables".to_owned(),
            Self::SameName { column, .. } => format!(
                "rename in two steps, first to a third name: `handover gen rename {column} NAME`"
            ),
            Self::Conversion { .. } => {
                "give a type as SQL, and expressions in which only the column's \
                 name stands for the value"
                    .to_owned()
            }
            Self::SecondColumn(_) => "name the second column: `--copy NAME`".to_owned(),
            Self::SecondName { .. } => {
                "choose another name of the second column: `--copy NAME`".to_owned()
            }
            Self::ChangeName(_) | Self::NoTemplate { .. } => return None,
            Self::NoRoom { release, free: 0, .. } => format!(
                "nothing can be before the first migration of {release}; reserve slots in a later \
                 release: `handover gen reserve --release RELEASE`"
            ),
            Self::NoRoom { release, free, .. } => {
                format!("handover gen reserve --release {release} --count {free}")
            }
            Self::SqlName { name } => {
                format!("choose another name: `handover gen sql {}`", change_name::suggested(name))
            }
            Self::SqlNameTaken { .. } => "choose another name: `handover gen sql NAME`".to_owned(),
            Self::TooLong { column, .. } => {
                format!("choose a shorter name: `handover gen rename {column} NAME`")
            }
            Self::ContractRelease { release, .. } => {
                format!("leave out `--contract-release`, which gives {}", release.next())
            }
            Self::PurgeRelease { contract, .. } => {
                format!("leave out `--keep-until`, which gives {}", contract.later())
            }
            Self::PurgeOnly { .. } => {
                "give `--release RELEASE` as well; or leave out `--keep-until` here, \
                 and give it to `handover release cut`"
                    .to_owned()
            }
            Self::ContractOnly { .. } => "give `--release RELEASE` as well".to_owned(),
            Self::Template { file, .. }
            | Self::NoManifest { file, .. }
            | Self::OtherKind { file, .. }
            | Self::Differs { file, .. } => {
                format!("correct `{}`, or remove it to use the embedded template", file.display())
            }
        })
    }
}
