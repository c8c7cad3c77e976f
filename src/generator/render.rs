use std::path::Path;

use super::GeneratorError;
use crate::manifest::{Folders, Manifest};
use crate::model::{Release, Stage};

/// The templates of a project: its own where it has some, else the embedded ones.
#[derive(Debug, Clone, Default)]
pub struct Templates {}

/// What a template may refer to.
#[derive(Debug, Clone)]
pub struct Variables {
    /// What the rendered file must say.
    pub manifest: Manifest,
    /// The release of the file; none for `unreleased/`.
    pub release: Option<Release>,
}

impl Templates {
    /// Only the embedded templates.
    #[must_use]
    pub fn embedded() -> Self {
        Self::default()
    }

    /// The project's own templates below `root`, and the embedded ones for the rest.
    ///
    /// # Errors
    /// A template cannot be read.
    pub fn of_project(root: &Path, folders: &Folders) -> Result<Self, GeneratorError> {
        let _ = (root, folders);
        Ok(Self::default())
    }

    /// Renders the file of one stage, and checks that it says what it must.
    ///
    /// # Errors
    /// The template is malformed, or the file that it gives says something else.
    pub fn render(&self, stage: Stage, variables: &Variables) -> Result<String, GeneratorError> {
        let _ = (stage, variables);
        Ok(String::new())
    }
}
