use super::{Location, YamlError};
use crate::model::{ChangeName, Identifier, InvalidChangeName, InvalidName, Stage};

/// The reason why a stage file is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The file is not the YAML of a stage file.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// The change's id is not valid.
    #[error("{location}: the value of `change` is not a valid change id")]
    Change {
        /// The position in the file.
        location: Location,
        /// The cause.
        #[source]
        source: InvalidChangeName,
    },
    /// A name in `after` is not valid.
    #[error("{location}: `after` names something that is not a valid change id")]
    After {
        /// The position in the file.
        location: Location,
        /// The cause.
        #[source]
        source: InvalidChangeName,
    },
    /// The stage is not one of the three.
    #[error("{location}: `{word}` is not a stage; use `expand`, `backfill` or `contract`")]
    Stage {
        /// The position in the file.
        location: Location,
        /// The text that was given.
        word: String,
    },
    /// `deploy` is neither `pre` nor `post`, or does not match the stage.
    #[error("{location}: `deploy: {word}` does not fit stage `{stage}`, which has `deploy: {}`", stage.deploy().as_str())]
    Deploy {
        /// The position in the file.
        location: Location,
        /// The stage.
        stage: Stage,
        /// The text that was given.
        word: String,
    },
    /// The kind of change is missing.
    #[error("{location}: change `{change}` does not say what it does; it has no `rename`")]
    Kind {
        /// The position in the file.
        location: Location,
        /// The change.
        change: ChangeName,
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
    /// Both names of a rename are the same.
    #[error("{location}: `from` and `to` are both `{name}`")]
    SameName {
        /// The position in the file.
        location: Location,
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
            Self::Change { location, .. }
            | Self::Stage { location, .. }
            | Self::Deploy { location, .. }
            | Self::Kind { location, .. }
            | Self::After { location, .. }
            | Self::Name { location, .. }
            | Self::SameName { location, .. } => location,
        }
    }

    /// The next thing to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some("correct the file, then run `handover check`".to_owned())
    }
}
