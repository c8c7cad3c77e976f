//! Why a stage file is not valid.

use super::{Location, YamlError};
use crate::model::{Identifier, InvalidChangeName, InvalidName, InvalidSql, Stage};

/// The reason why a stage file is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The file is not the YAML of a stage file.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// A name in `after` is not valid.
    #[error("{location}: `after` names something that is not a valid change id")]
    After {
        /// The position in the file.
        location: Location,
        /// The cause.
        #[source]
        source: InvalidChangeName,
    },
    /// A key repeats a part of the file's name, and disagrees with it.
    #[error("{location}: `{key}` is `{found}`, but the name of the file says `{named}`")]
    Differs {
        /// The position in the file.
        location: Location,
        /// The key.
        key: &'static str,
        /// The value of the key.
        found: String,
        /// The value that the file's name has for it.
        named: String,
    },
    /// The kind of change is missing.
    #[error(
        "{location}: the file does not say what to change; it has none of `rename`, `rename_in_place`, `drop`, `retype`"
    )]
    Kind {
        /// The file.
        location: Location,
    },
    /// The file has more than one kind of change.
    #[error("{location}: the file says both `{first}` and `{second}`")]
    Kinds {
        /// The file.
        location: Location,
        /// One key.
        first: &'static str,
        /// The other key.
        second: &'static str,
    },
    /// The kind of change does not have the stage that the file's name says.
    #[error("{location}: `{kind}` has no stage `{stage}`")]
    Stage {
        /// The file.
        location: Location,
        /// The key of the kind.
        kind: &'static str,
        /// The stage.
        stage: Stage,
    },
    /// A table or column name is not valid.
    #[error("{location}: the value of `{key}` is not a valid name")]
    Name {
        /// The position in the file.
        location: Location,
        /// The key.
        key: &'static str,
        /// The cause.
        #[source]
        source: InvalidName,
    },
    /// The type, or an expression, is not SQL that can be used as one.
    #[error("{location}: the value of `{key}` cannot be used")]
    Sql {
        /// The position in the file.
        location: Location,
        /// The key.
        key: &'static str,
        /// The cause.
        #[source]
        source: InvalidSql,
    },
    /// Only one of the two expressions of a change of type is given.
    #[error("{location}: `using` and `back` belong together: one of them is missing")]
    OneWay {
        /// The file.
        location: Location,
    },
    /// Both columns of a change are the same.
    #[error("{location}: `{first}` and `{second}` are both `{name}`")]
    SameName {
        /// The position in the file.
        location: Location,
        /// The key of one.
        first: &'static str,
        /// The key of the other.
        second: &'static str,
        /// The name.
        name: Identifier,
    },
}

impl ManifestError {
    /// The position in the file.
    #[must_use]
    pub const fn location(&self) -> &Location {
        match self {
            Self::Yaml(error) => error.location(),
            Self::Differs { location, .. }
            | Self::Kind { location }
            | Self::Kinds { location, .. }
            | Self::Stage { location, .. }
            | Self::After { location, .. }
            | Self::Name { location, .. }
            | Self::Sql { location, .. }
            | Self::OneWay { location }
            | Self::SameName { location, .. } => location,
        }
    }

    /// The next thing to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some("correct the file, then run `handover check`".to_owned())
    }
}
