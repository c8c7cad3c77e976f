//! Stands for the announcements in a program without PostgreSQL.

use sea_orm::sqlx;

use super::Database;

/// The announcements of new epochs in a program that was compiled without PostgreSQL, the only database
/// that has any.
#[derive(Debug)]
pub enum Announcements {}

impl Announcements {
    /// Returns `None`.
    ///
    /// # Errors
    /// None.
    pub fn listen(_: &Database) -> impl Future<Output = Result<Option<Self>, sqlx::Error>> {
        std::future::ready(Ok(None))
    }

    /// Cannot be called, as there are none.
    ///
    /// # Errors
    /// None.
    pub async fn next(&mut self) -> Result<(), sqlx::Error> {
        std::future::pending().await
    }
}

/// Returns false: only sessions of PostgreSQL are passed on.
#[must_use]
pub const fn may_share_sessions(_: &Database) -> bool {
    false
}
