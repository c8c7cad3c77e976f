//! Everything that a command needs to try the migrations on a scratch database.

use std::path::{Path, PathBuf};

use super::args::Cli;
use super::error::CliError;
use super::project::{app_release, releases, url};
use crate::database::Dialect;
use crate::manifest::{DatabaseKind, SchemaDump, Settings};
use crate::migrator::{AppMigrations, Course};
use crate::model::Release;
use crate::releases::{Releases, ReleasesError, read_dump, read_settings, read_sql};

pub struct Trial {
    pub settings: Settings,
    pub releases: Releases,
    pub app: AppMigrations,
    pub version: Release,
    /// The URL of a database of the same kind, on the server for the scratch databases.
    pub beside: String,
    dump: Option<SchemaDump>,
    prepare: Option<(PathBuf, String)>,
}

impl Trial {
    /// Reads the files.
    pub fn read(cli: &Cli) -> Result<Self, CliError> {
        let settings = read_settings(&cli.root)?;
        let (releases, app) = (releases(cli, &settings)?, cli.app.clone());
        releases.load(&|_| None)?;
        let beside = url(cli);
        let kind = Dialect::of_url(&beside).map_or(DatabaseKind::Sqlite, Dialect::kind);
        let dump = match read_dump(&cli.root, Path::new(kind.dump_file())) {
            Err(ReleasesError::NoDump { .. }) => None,
            dump => Some(dump?),
        };
        let prepare = match settings.prepare.clone().filter(|_| dump.is_none()) {
            Some(file) => Some((file.clone(), read_sql(&cli.root, &file)?)),
            None => None,
        };
        let version = app_release(cli)?;
        Ok(Self { settings, releases, app, version, beside, dump, prepare })
    }

    pub fn course(&self) -> Course<'_> {
        Course {
            releases: &self.releases,
            settings: &self.settings,
            app: &self.app,
            dump: self.dump.as_ref(),
            prepare: self.prepare.as_ref().map(|(file, sql)| (file.as_path(), sql.as_str())),
            version: &self.version,
            interrupted: false,
        }
    }
}
