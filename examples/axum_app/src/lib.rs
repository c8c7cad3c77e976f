//! A small service: members, by a name that is unique.

mod api;
mod error;
mod member;
mod name_change;

pub mod migration;

pub use api::router;

use handover::Shim;
use sea_orm::{DatabaseConnection, DbErr};

/// What the handlers share.
#[derive(Clone)]
pub struct App {
    pub db: Shim,
}

/// The release of this code.
pub const RELEASE: &str = include_str!("../VERSION").trim_ascii();

/// Joins the fleet.
///
/// # Errors
/// The database cannot be reached.
pub async fn shim(connection: DatabaseConnection) -> Result<Shim, DbErr> {
    let releases = handover::releases!("release_migrations", "unreleased");
    Shim::builder(connection, releases).app_version(RELEASE).start().await
}
