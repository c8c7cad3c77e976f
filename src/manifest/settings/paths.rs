//! Reads and checks the folders in `handover.yml`.

use std::path::{Component, PathBuf};

use serde_yaml::Spanned;

use super::raw::RawFolders;
use super::read::Reader;
use super::{Folders, SettingsError};
use crate::manifest::Location;

impl Reader<'_> {
    /// Reads the folders of code. They may be nested, and may contain the folders of migrations.
    pub(super) fn code(&self, raw: Vec<Spanned<String>>) -> Result<Vec<PathBuf>, SettingsError> {
        let folder = |raw: Spanned<String>| {
            let folder = PathBuf::from(raw.value);
            let mut parts = folder.components();
            if parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
                && !folder.as_os_str().is_empty()
            {
                return Ok(folder);
            }
            let location = Location::at(self.file, raw.referenced);
            Err(SettingsError::Code { location, folder })
        };
        raw.into_iter().map(folder).collect()
    }

    pub(super) fn folders(&self, raw: RawFolders) -> Result<Folders, SettingsError> {
        let default = Folders::default();
        let mut taken: Vec<PathBuf> = Vec::new();
        let mut folder = |key, raw: Option<Spanned<String>>, default| {
            let (folder, location) = match raw {
                Some(raw) => (PathBuf::from(raw.value), Location::at(self.file, raw.referenced)),
                None => (default, Location::file(self.file)),
            };
            let inside = folder.components().all(|part| matches!(part, Component::Normal(_)))
                && folder.components().next().is_some();
            let apart =
                taken.iter().all(|other| !folder.starts_with(other) && !other.starts_with(&folder));
            if !(inside && apart) {
                return Err(SettingsError::Folder { location, key, folder });
            }
            taken.push(folder.clone());
            Ok(folder)
        };
        Ok(Folders {
            unreleased: folder("folders.unreleased", raw.unreleased, default.unreleased)?,
            releases: folder("folders.releases", raw.releases, default.releases)?,
            templates: folder("folders.templates", raw.templates, default.templates)?,
        })
    }
}
