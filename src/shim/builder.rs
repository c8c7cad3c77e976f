//! Configures and starts the shim.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr};

use super::code::Code;
use super::compiled_change::Compiled;
use super::connection::Shim;
use super::error::ShimError;
use super::lease::Lease;
use super::shims_by_pool::{self, Running};
use crate::database::Database;
use crate::fleet::{Identity, REFRESH};
use crate::model::{AppName, Scheme, Stage};
use crate::releases::{IntoReleases, Releases, ReleasesError};

/// Configures a [`Shim`].
#[derive(Debug)]
#[must_use]
pub struct ShimBuilder {
    connection: DatabaseConnection,
    releases: Result<Releases, ReleasesError>,
    version: Option<String>,
    scheme: Scheme,
    app: Option<String>,
    followed: Vec<String>,
    lease: Duration,
    refresh_interval: Duration,
}

impl Shim {
    /// Begins to configure a shim on top of a connection, for the migrations that
    /// [`releases!`](crate::releases!) embedded in the program.
    pub fn builder(connection: DatabaseConnection, releases: impl IntoReleases) -> ShimBuilder {
        let releases = releases.into_releases();
        let lease = Duration::from_secs(15);
        let scheme = Scheme::default();
        ShimBuilder {
            connection,
            releases,
            version: None,
            scheme,
            app: None,
            followed: Vec::new(),
            lease,
            refresh_interval: REFRESH,
        }
    }
}

impl ShimBuilder {
    /// Sets the app's release, such as `env!("CARGO_PKG_VERSION")`. Required.
    pub fn app_version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Sets how the app numbers its releases, as `release.scheme` of `handover.yml` says (default: semantic
    /// versions).
    pub const fn release_scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// Sets the name of the app, as `app` of `handover.yml` says, if several apps use the database. The
    /// migrations of one app do not wait for the others to reach one of its releases.
    pub fn app(mut self, name: impl Into<String>) -> Self {
        self.app = Some(name.into());
        self
    }

    /// Declares that the code has followed a change of another app on the database: it says the new name of
    /// the column, has its new type, or does without it. `change` is the id of the change, as `handover db
    /// status` shows it. Without this the code counts as one from before the change.
    ///
    /// Statements that name a renamed column work under either name, whatever is declared. It decides what
    /// `SELECT *` calls the column, and which type the code has.
    pub fn follow(mut self, change: impl Into<String>) -> Self {
        self.followed.push(change.into());
        self
    }

    /// Sets the time for which this process may use a mapping after the database last answered
    /// (default 15 s, at least 3 s). A process that is killed holds up a migration for this long.
    pub fn lease(mut self, length: Duration) -> Self {
        self.lease = length.max(Duration::from_secs(3));
        self
    }

    /// Sets the interval at which the process looks for a new state. A test that makes it long can
    /// tell what else makes the process look.
    #[cfg(feature = "failpoints")]
    #[doc(hidden)]
    pub fn look_every(mut self, pause: Duration) -> Self {
        self.refresh_interval = pause;
        self
    }

    /// Reads the state of the database and registers this process with the fleet. A task on the
    /// current tokio runtime then follows the state and renews the registration, until
    /// [`Shim::shutdown`] is called or the last clone is dropped.
    ///
    /// On PostgreSQL the task keeps one connection besides those of the pool, on which it is
    /// notified of a new state at once. If it cannot get one, it looks once a second, as on the
    /// other databases.
    ///
    /// If the process has started a shim with the same settings on a clone of this connection, returns
    /// a clone of that shim: a process that is set up twice registers once.
    ///
    /// On sea-orm's `MockDatabase` nothing is sent besides the app's statements, and these are sent
    /// unchanged.
    ///
    /// Runs no DDL. On a database that handover does not manage yet, the process registers as soon
    /// as `db init` or the first `db migrate` has created handover's tables.
    ///
    /// # Errors
    /// The app's release is missing or invalid, a name is invalid, the embedded migrations are malformed, or the
    /// database is not supported or reports an error.
    pub async fn start(self) -> Result<Shim, DbErr> {
        crate::__private::arm_fail_points();
        let version = self.version.ok_or(ShimError::NoVersion)?;
        let release = self.scheme.parse(&version).map_err(ShimError::Version)?;
        let releases = self.releases.and_then(|releases| releases.in_scheme(self.scheme));
        let parse = |name: &String| name.parse().map_err(ShimError::Change);
        let code = Code {
            app: self.app.map(|name| name.parse()).transpose().map_err(ShimError::App)?,
            release: release.clone(),
            followed: self.followed.iter().map(parse).collect::<Result<_, _>>()?,
            compiled: compiled(&releases.map_err(ShimError::from)?)?,
        };
        let serves = |running: &Running| running.serves(&code, self.lease);
        if let Some(running) = shims_by_pool::find(&self.connection, serves) {
            return Ok(Shim::new(running));
        }
        let mock = self.connection.is_mock_connection();
        let database = Database::from_connection(self.connection).map_err(ShimError::from)?;
        if !mock {
            database.check_session().await.map_err(ShimError::from)?;
        }
        let identity = Identity {
            id: id(code.app.as_ref()),
            app: code.app.clone(),
            host: hostname::get().unwrap_or_default().to_string_lossy().into_owned(),
            pid: std::process::id(),
            release: release.clone(),
            followed: code.followed.clone(),
        };
        let lease = if mock {
            Lease::without_database(database, identity, code.clone())
        } else {
            Lease::start(database, identity, code.clone(), self.lease, self.refresh_interval)
                .await?
        };
        let announcements = if mock { None } else { lease.listen_at_start().await };
        let follow = || Arc::clone(&lease).refresh_until_stopped(announcements);
        let task = (!mock).then(|| tokio::spawn(follow()));
        let running = Arc::new(Running { lease, task });
        match shims_by_pool::enter(&running, serves) {
            None => Ok(Shim::new(running)),
            // Another task has started one at the same time.
            Some(other) => {
                running.lease.leave().await?;
                Ok(Shim::new(other))
            }
        }
    }
}

/// Makes the id of this process. The name of its app is part of it, so that no process is ever registered
/// without it: tables of earlier versions of handover have no other place for it.
fn id(app: Option<&AppName>) -> String {
    let id = format!("{:032x}", rand::random::<u128>());
    app.map_or_else(|| id.clone(), |app| format!("{id}/{app}"))
}

/// Returns the renames in the program, each with the first release whose code uses the name `to`.
fn compiled(releases: &Releases) -> Result<Vec<Compiled>, ShimError> {
    let migrations = releases.load(&|_| None)?;
    Ok(migrations
        .iter()
        .filter(|migration| migration.stage() == Some(Stage::Expand))
        .filter_map(|migration| {
            let change = migration.change()?;
            Some(Compiled {
                name: change.name.clone(),
                kind: change.kind.clone(),
                expand_release: migration.release.clone(),
            })
        })
        .collect())
}
