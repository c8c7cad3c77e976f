use std::path::Path;

use super::{Place, YamlError};
use crate::model::{
    Change, ChangeKind, ChangeName, Deploy, Identifier, InvalidChangeName, InvalidName, Stage,
};

/// One stage file of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The migration's id; the time it was generated at, `YYYYMMDDHHMMSS`.
    pub id: u64,
    /// The change that it is a stage of.
    pub change: ChangeName,
    /// Which stage.
    pub stage: Stage,
    /// When the stage runs; what the file says and the stage implies agree.
    pub deploy: Deploy,
    /// What the change does.
    pub kind: ChangeKind,
}

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
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some("correct the file, then run `handover check`".to_owned())
    }
}

impl Manifest {
    /// Reads a stage file. `file` is what errors call it.
    ///
    /// # Errors
    /// The text is not exactly one stage file: see [`ManifestError`].
    pub fn parse(file: &Path, text: &str) -> Result<Self, ManifestError> {
        super::yaml::read::<()>(file, text)?;
        Err(YamlError::Malformed { place: Place::file(file), message: String::new() }.into())
    }

    /// The change that this is a stage of.
    #[must_use]
    pub fn change(&self) -> Change {
        Change { name: self.change.clone(), kind: self.kind.clone() }
    }
}
