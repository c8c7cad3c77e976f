#![doc = "Rename a database column with zero downtime, for Rust applications on sea-orm."]
#![warn(missing_docs)]

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
pub use shim::{IntoReleases, Shim, ShimBuilder, ShimError};
