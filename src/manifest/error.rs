use super::{Place, YamlError};
use crate::model::{ChangeName, Identifier, InvalidChangeName, InvalidName, Stage};

/// Why a stage file was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The file is not the YAML of a stage file.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// The change's id has characters that it may not have.
    #[error("{place}: the value of `change` is no id of a change")]
    Change {
        /// Where.
        place: Place,
        /// Why.
        #[source]
        source: InvalidChangeName,
    },
    /// The name of what has to be done before is none.
    #[error("{place}: `after` names something that is no id of a change")]
    After {
        /// Where.
        place: Place,
        /// Why.
        #[source]
        source: InvalidChangeName,
    },
    /// The stage is none of the three.
    #[error("{place}: `{word}` is no stage; use `expand`, `backfill` or `contract`")]
    Stage {
        /// Where.
        place: Place,
        /// What was given.
        word: String,
    },
    /// `deploy` is neither `pre` nor `post`, or not the one at which the stage runs.
    #[error("{place}: `deploy: {word}` does not fit stage `{stage}`, which has `deploy: {}`", stage.deploy().as_str())]
    Deploy {
        /// Where.
        place: Place,
        /// The stage.
        stage: Stage,
        /// What was given.
        word: String,
    },
    /// No kind of change is given.
    #[error("{place}: change `{change}` does not say what it does; it has no `rename`")]
    Kind {
        /// Where.
        place: Place,
        /// The change.
        change: ChangeName,
    },
    /// A table or column name is none.
    #[error("{place}: the value of `{key}` is no name")]
    Name {
        /// Where.
        place: Place,
        /// Which key.
        key: &'static str,
        /// Why.
        #[source]
        source: InvalidName,
    },
    /// Both names of a rename are the same.
    #[error("{place}: `from` and `to` are both `{name}`")]
    SameName {
        /// Where.
        place: Place,
        /// The name.
        name: Identifier,
    },
}

impl ManifestError {
    /// Where in the file it is.
    #[must_use]
    pub const fn place(&self) -> &Place {
        match self {
            Self::Yaml(error) => error.place(),
            Self::Change { place, .. }
            | Self::Stage { place, .. }
            | Self::Deploy { place, .. }
            | Self::Kind { place, .. }
            | Self::After { place, .. }
            | Self::Name { place, .. }
            | Self::SameName { place, .. } => place,
        }
    }

    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some("correct the file, then run `handover check`".to_owned())
    }
}
