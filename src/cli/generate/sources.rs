//! The sources of generated files: the project's folders, migrations and templates.

use std::collections::HashSet;

use crate::cli::args::Cli;
use crate::cli::error::CliError;
use crate::cli::project::releases;
use crate::generator::{Context, Templates};
use crate::manifest::Settings;
use crate::releases::{Migration, Releases, read_settings};

pub struct Sources {
    settings: Settings,
    pub releases: Releases,
    migrations: Vec<Migration>,
    ids: HashSet<u64>,
    templates: Templates,
}

impl Sources {
    pub fn read(cli: &Cli) -> Result<Self, CliError> {
        let settings = read_settings(&cli.root)?;
        let releases = releases(cli, &settings)?;
        let (migrations, ids) = (releases.load(&|_| None)?, releases.ids());
        let templates = Templates::of_project(&cli.root, &settings.folders)?;
        Ok(Self { settings, releases, migrations, ids, templates })
    }

    pub fn context(&self) -> Context<'_> {
        Context {
            folders: &self.settings.folders,
            migrations: &self.migrations,
            ids: &self.ids,
            templates: &self.templates,
        }
    }
}
