//! Rename a database column while the application keeps running.
//!
//! The command `handover` migrates the database in three stages over two releases. Meanwhile the
//! application uses this library: [`Shim`] is a sea-orm connection through which either name of a
//! renamed column works, before, during and after its rename.
//!
//! ```no_run
//! # async fn example(url: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let connection = sea_orm::Database::connect(url).await?;
//! let releases = handover::Releases::default(); // or handover::releases!("release_migrations")
//! let db = handover::Shim::builder(connection, releases)
//!     .app_version(env!("CARGO_PKG_VERSION"))
//!     .start()
//!     .await?;
//! // Use `&db` wherever code expects a `&DatabaseConnection`.
//! db.shutdown().await?;
//! # Ok(()) }
//! ```
//!
//! # Features
//!
//! With `default-features = false` this is the shim alone, without the command and its dependencies.
//! Then name the features of the database and of the runtime that sea-orm gets, such as
//! `sqlx-postgres` and `runtime-tokio-rustls`. The feature `stream` adds sea-orm's `StreamTrait`,
//! `migrate` adds [`migrator`], and `cli` adds [`cli`]. By default all databases, `stream` and `cli` are on.
//!
//! # Layers
//!
//! The other modules are the layers below the command and the shim, from the bottom up: [`model`],
//! [`manifest`], [`database`], [`mod@releases`], [`plan`], [`generator`], [`fleet`], [`migrator`];
//! see ARCHITECTURE.md for the map. A program that runs its migrations itself starts at
//! [`migrator::Migrator`].
// The futures of the stages are nested deeply, and compiling with optimisation looks into all of them.
#![recursion_limit = "256"]
// docs.rs then shows the feature that an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(not(any(feature = "sqlx-sqlite", feature = "sqlx-postgres", feature = "sqlx-mysql")))]
compile_error!(
    "handover needs a database: add `sqlx-sqlite`, `sqlx-postgres` or `sqlx-mysql` to its features"
);

#[cfg(feature = "cli")]
pub mod cli;
pub mod database;
pub mod fleet;
#[cfg(feature = "cli")]
pub mod generator;
pub mod manifest;
#[cfg(feature = "migrate")]
pub mod migrator;
pub mod model;
#[cfg(feature = "migrate")]
pub mod plan;
pub mod releases;
pub mod shim;

/// The expansion of the macro [`macro@releases`]; not part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use include_dir;

    /// Reads a test's fail points from the environment; does nothing without the feature
    /// `failpoints`.
    pub fn arm_fail_points() {
        #[cfg(feature = "failpoints")]
        {
            static ONCE: std::sync::Once = std::sync::Once::new();
            ONCE.call_once(|| std::mem::forget(fail::FailScenario::setup()));
        }
    }
}

pub use database::Dialect;
#[cfg(feature = "migrate")]
pub use migrator::{AppMigrations, Migrate, testing};
pub use releases::{IntoReleases, Releases};
pub use shim::{Rewritten, Shim, ShimBuilder, ShimError};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Compiles the examples of the how-to pages.
#[cfg(doctest)]
#[cfg_attr(feature = "sea-orm-migration", doc = include_str!("../docs/how-to/sea-orm-migration.md"))]
#[doc = include_str!("../docs/how-to/connection.md")]
#[doc = include_str!("../docs/recipes/workers.md")]
#[doc = include_str!("../docs/how-to/frameworks.md")]
struct HowTo;
