//! Connects to the database of a URL, whichever kind it is of.

use sea_orm::DbErr;

use super::access::Access;
#[cfg(feature = "sqlx-mysql")]
use super::mariadb;
#[cfg(feature = "sqlx-postgres")]
use super::postgres;
#[cfg(feature = "sqlx-sqlite")]
use super::sqlite;
use super::target::Target;
#[cfg(not(all(feature = "sqlx-sqlite", feature = "sqlx-postgres", feature = "sqlx-mysql")))]
use crate::database::NotCompiled;
use crate::database::{ConnectError, Database, Dialect, Fault, fault, redact};

impl Database {
    /// Connects to the database of a URL.
    ///
    /// For [`Access::Read`], an SQLite file that does not exist counts as an empty database and is
    /// not created.
    ///
    /// # Errors
    /// The URL is not valid, the database cannot be reached, or this program was compiled without it.
    /// No message contains the password.
    pub async fn connect(url: &str, access: Access) -> Result<Self, ConnectError> {
        let Some(dialect) = Dialect::of_url(url) else {
            return Err(ConnectError::Scheme { url: redact(url) });
        };
        match dialect {
            #[cfg(feature = "sqlx-sqlite")]
            Dialect::Sqlite => sqlite::connect(Target(url), access).await,
            #[cfg(feature = "sqlx-postgres")]
            Dialect::Postgres => postgres::connect(Target(url)).await,
            #[cfg(feature = "sqlx-mysql")]
            Dialect::MariaDb => mariadb::connect(Target(url)).await,
            #[cfg(not(all(
                feature = "sqlx-sqlite",
                feature = "sqlx-postgres",
                feature = "sqlx-mysql"
            )))]
            other => {
                let _ = access;
                Err(NotCompiled(other).into())
            }
        }
    }

    /// Turns the error of the first statement into a connection error if the SQLite file is not a
    /// database: SQLite does not read a file before that.
    #[must_use]
    pub fn not_a_database(url: &str, first: &DbErr) -> Option<ConnectError> {
        (fault(first) == Fault::NoDatabase).then(|| Target(url).failed(first))
    }

    /// Returns true if connecting with [`Access::Write`] creates a file that does not exist yet.
    #[must_use]
    pub fn creates_file(url: &str) -> bool {
        #[cfg(feature = "sqlx-sqlite")]
        {
            sqlite::creates_file(url)
        }
        #[cfg(not(feature = "sqlx-sqlite"))]
        {
            let _ = url;
            false
        }
    }
}
