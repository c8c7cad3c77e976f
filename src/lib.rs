//! Rename a database column while the application keeps running.
//!
//! The command `handover` migrates the database in three stages over two releases; this library is
//! what the application uses meanwhile: [`Shim`], a sea-orm connection through which either name of
//! a renamed column works, before, during and after its rename.
//!
//! ```no_run
//! # async fn example(url: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let connection = sea_orm::Database::connect(url).await?;
//! let releases = handover::Releases::default(); // or handover::releases!("release_migrations")
//! let db = handover::Shim::builder(connection, releases)
//!     .app_version(env!("CARGO_PKG_VERSION"))
//!     .start()
//!     .await?;
//! // Use `&db` wherever a `&DatabaseConnection` goes.
//! db.shutdown().await?;
//! # Ok(()) }
//! ```
//!
//! The other modules are the floors that command and shim stand on, from the ground up: [`model`],
//! [`manifest`], [`database`], [`mod@releases`], [`plan`], [`generator`], [`fleet`], [`migrator`]; see
//! ARCHITECTURE.md for the map. A program that migrates by itself starts at [`migrator::Migrator`].

pub mod cli;
pub mod database;
pub mod fleet;
pub mod generator;
pub mod manifest;
pub mod migrator;
pub mod model;
pub mod plan;
pub mod releases;
pub mod shim;

/// What the macro [`macro@releases`] expands to; no part of the interface.
#[doc(hidden)]
pub mod __private {
    pub use include_dir;

    /// Reads the fail points of a test from the environment; nothing without that feature.
    pub fn arm_fail_points() {
        #[cfg(feature = "failpoints")]
        {
            static ONCE: std::sync::Once = std::sync::Once::new();
            ONCE.call_once(|| std::mem::forget(fail::FailScenario::setup()));
        }
    }
}

pub use database::Dialect;
pub use releases::Releases;
pub use shim::{IntoReleases, Rewritten, Shim, ShimBuilder, ShimError};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
