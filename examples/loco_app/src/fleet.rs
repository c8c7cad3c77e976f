//! The shim of this process. loco owns the connection, and passes it on by itself.

use handover::Shim;
use loco_rs::app::AppContext;
use sea_orm::{DatabaseConnection, DbErr};

/// The release of this code.
pub const RELEASE: &str = include_str!("../VERSION").trim_ascii();

/// Joins the fleet, once for each connection, and keeps the shim in the context.
///
/// # Errors
/// The database cannot be reached.
pub async fn join(context: &AppContext) -> Result<Shim, DbErr> {
    if let Some(shim) = context.shared_store.get::<Shim>() {
        return Ok(shim);
    }
    let releases = handover::releases!("release_migrations", "unreleased");
    let shim = Shim::builder(context.db.clone(), releases).app_version(RELEASE).start().await?;
    context.shared_store.insert(shim.clone());
    Ok(shim)
}

/// Leaves the fleet: no migration waits for this process any more. If it fails, the lease runs out.
pub async fn leave(context: &AppContext) {
    if let Some(shim) = context.shared_store.remove::<Shim>() {
        let _ = shim.shutdown().await;
    }
}

/// The shim on a connection that loco passes on.
///
/// # Errors
/// The process has not joined.
pub fn shim(db: &DatabaseConnection) -> Result<Shim, DbErr> {
    Shim::of(db).ok_or_else(|| DbErr::Custom("`fleet::join` has not been called".to_owned()))
}
