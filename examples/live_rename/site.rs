//! Where it all happens: a project folder, a database, the journals.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::journal::{self, Journal, Owners};
use crate::story::Kind;
use crate::{Result, database};

pub struct Site {
    folder: TempDir,
    pub database_url: String,
    pub owners: Owners,
    pub kind: Kind,
}

impl Site {
    /// Makes a project with this repository's release migrations, if the change is a rename, and its database.
    pub fn create(
        runtime: &Runtime,
        database_url: Option<String>,
        owners: Owners,
        kind: Kind,
    ) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("live-rename-").tempdir()?;
        let sqlite = folder.path().join("app.sqlite3");
        let database_url =
            database_url.unwrap_or_else(|| format!("sqlite://{}?mode=rwc", sqlite.display()));
        let site = Self { folder, database_url, owners, kind };

        let given = Path::new(env!("CARGO_MANIFEST_DIR")).join("release_migrations");
        let releases = site.root().join("release_migrations");
        match kind {
            Kind::Copy => copy(&given, &releases)?,
            Kind::InPlace => {
                copy(&given, &releases)?;
                in_place(&releases)?;
            }
            // The story lets the command write them.
            Kind::Drop | Kind::Retype => fs::create_dir(releases)?,
        }
        fs::create_dir(site.root().join("unreleased"))?;
        fs::create_dir(site.journals())?;

        let rows = runtime.block_on(database::seed(&site.database_url, owners, kind))?;
        for worker in 0..owners.workers {
            let share = rows.iter().filter(|(id, _)| owners.of(*id) == worker);
            let share: Vec<_> = share.map(|(id, row)| (*id, Some(row.clone()))).collect();
            Journal::open(&journal::path(&site.journals(), worker))?.acknowledge(&share)?;
        }
        Ok(site)
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn journals(&self) -> PathBuf {
        self.root().join("journals")
    }

    /// Says which release is being deployed.
    pub fn version(&self, release: &str) -> Result<()> {
        Ok(fs::write(self.root().join("VERSION"), format!("{release}\n"))?)
    }
}

/// Makes a rename in place of the copied migrations, which are those of a rename by a copy.
fn in_place(releases: &Path) -> Result<()> {
    for release in fs::read_dir(releases)? {
        for file in fs::read_dir(release?.path())? {
            let file = file?.path();
            if file.to_string_lossy().ends_with(".backfill.yml") {
                fs::remove_file(file)?;
            } else {
                let text = fs::read_to_string(&file)?.replace("\nrename:", "\nrename_in_place:");
                fs::write(file, text)?;
            }
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
