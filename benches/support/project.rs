//! A project of a user of the command, and the worked example brought to a state.

use std::fs;
use std::path::Path;
use std::process::Command;

use handover::database::Database;
use handover::manifest::Settings;
use handover::migrator::{AppMigrations, Baseline, Migrator, Options, Silent, init};
use handover::model::{Release, State};
use handover::plan::Phase;
use handover::releases::EmbeddedReleases;
use sea_orm::DatabaseConnection;
use tempfile::TempDir;

/// The worked example: `users.username` becomes `handle` with 9.0.0.
pub fn example() -> EmbeddedReleases {
    handover::releases!("release_migrations")
}

/// Brings the example's rename to a state, on a connection that no app uses yet.
pub async fn bring_to(connection: &DatabaseConnection, state: State) {
    let database = Database::from_connection(connection.clone()).unwrap();
    let (releases, settings) = (example().read().unwrap(), Settings::default());
    let migrator = Migrator {
        database: &database,
        releases: &releases,
        settings: &settings,
        app: &AppMigrations::default(),
        observer: &Silent,
    };
    init(&migrator, &Baseline::Release(Release::new(8, 17, 0))).await.unwrap();
    let phases: &[Phase] = match state {
        State::DualWrite => &[Phase::Pre],
        State::ReadTo => &[Phase::Pre, Phase::Post],
        other => panic!("the benchmarks need no {other}"),
    };
    for phase in phases {
        let options = Options {
            allowed: Vec::new(),
            orm_before: None,
            version: Release::new(9, 0, 0),
            phase: *phase,
            offline: true,
            allow_unreleased: false,
            wait: std::time::Duration::ZERO,
        };
        let outcome = migrator.migrate(&options).await.unwrap();
        assert_eq!(outcome.done.len(), 1, "{:?}", outcome.refused);
    }
}

/// A folder with migrations, and the command in it.
pub struct Project {
    folder: TempDir,
    url: String,
}

impl Project {
    /// An empty project on a database; `None` is an SQLite file in its folder.
    pub fn new(url: Option<String>) -> Self {
        let folder = tempfile::Builder::new().prefix("handover-bench-").tempdir().unwrap();
        let file = || format!("sqlite://{}?mode=rwc", folder.path().join("app.sqlite3").display());
        Self { url: url.unwrap_or_else(file), folder }
    }

    /// The worked example on a database.
    pub fn example(url: String) -> Self {
        let project = Self::new(Some(url));
        for file in example().read().unwrap().files() {
            project.write(file.path.to_str().unwrap(), &file.text);
        }
        project
    }

    /// Makes a rename in place of the worked example.
    pub fn rename_in_place(&self) {
        for file in example().read().unwrap().files() {
            let path = self.folder.path().join(&file.path);
            if file.path.to_str().unwrap().ends_with(".backfill.yml") {
                fs::remove_file(path).unwrap();
            } else {
                let text = file.text.replace("\nrename:", "\nrename_in_place:");
                fs::write(path, text).unwrap();
            }
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder that the project is in.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, path: impl AsRef<Path>, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The command, which sees nothing of the environment that the benchmark runs in.
    pub fn command(&self, version: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("NO_COLOR", "1")
            .env("VERSION", version)
            .env("DATABASE_URL", &self.url);
        command
    }

    /// Runs the command to its end; what it said, data and log.
    pub fn handover(&self, version: &str, arguments: &[&str]) -> String {
        let output =
            self.command(version, arguments).env("RUST_LOG", "handover=info").output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(output.status.success(), "handover {arguments:?}: {said}");
        said
    }
}
