use super::{Location, YamlError};
use crate::model::{ChangeName, Identifier, InvalidChangeName, InvalidName, Stage};

/// Why a stage file was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The file is not the YAML of a stage file.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// The change's id has characters that it may not have.
    #[error("{location}: the value of `change` is no id of a change")]
    Change {
        /// Where.
        location: Location,
        /// Why.
        #[source]
        source: InvalidChangeName,
    },
    /// The name of what has to be done before is none.
    #[error("{location}: `after` names something that is no id of a change")]
    After {
        /// Where.
        location: Location,
        /// Why.
        #[source]
        source: InvalidChangeName,
    },
    /// The stage is none of the three.
    #[error("{location}: `{word}` is no stage; use `expand`, `backfill` or `contract`")]
    Stage {
        /// Where.
        location: Location,
        /// What was given.
        word: String,
    },
    /// `deploy` is neither `pre` nor `post`, or not the one at which the stage runs.
    #[error("{location}: `deploy: {word}` does not fit stage `{stage}`, which has `deploy: {}`", stage.deploy().as_str())]
    Deploy {
        /// Where.
        location: Location,
        /// The stage.
        stage: Stage,
        /// What was given.
        word: String,
    },
    /// No kind of change is given.
    #[error("{location}: change `{change}` does not say what it does; it has no `rename`")]
    Kind {
        /// Where.
        location: Location,
        /// The change.
        change: ChangeName,
    },
    /// A table or column name is none.
    #[error("{location}: the value of `{key}` is no name")]
    Name {
        /// Where.
        location: Location,
        /// Which key.
        key: &'static str,
        /// Why.
        #[source]
        source: InvalidName,
    },
    /// Both names of a rename are the same.
    #[error("{location}: `from` and `to` are both `{name}`")]
    SameName {
        /// Where.
        location: Location,
        /// The name.
        name: Identifier,
    },
}

impl ManifestError {
    /// Where in the file it is.
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

    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some("correct the file, then run `handover check`".to_owned())
    }
}
