//! Why there is no usable connection.

use sea_orm::DbErr;

use super::NotCompiled;

/// The reason why there is no usable connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL does not begin with the scheme of a supported database.
    #[error("`{url}` is not a database URL that handover supports")]
    Scheme {
        /// The URL without its password.
        url: String,
    },
    /// The program was compiled without the driver of this database.
    #[error(transparent)]
    NotCompiled(#[from] NotCompiled),
    /// The server speaks MariaDB's protocol but is another database, or too old.
    #[error("the server is {version}; handover supports MariaDB from 10.6 on, and not MySQL")]
    Server {
        /// The version that it reports.
        version: String,
    },
    /// The connection's sessions read SQL or change rows differently from what handover expects.
    #[error("the sessions of this database have `{mode}` in their sql_mode: {why}")]
    SqlMode {
        /// The mode.
        mode: &'static str,
        /// The effect of the mode that breaks handover.
        why: &'static str,
    },
    /// The session has no database selected, or could not be asked.
    #[error("the database session cannot be checked: {message}")]
    Session {
        /// The cause.
        message: String,
    },
    /// The database of the app's connection cannot be connected to again.
    #[error("cannot connect to the database of the app's connection")]
    Beside(#[source] DbErr),
    /// The URL's options cannot be read.
    #[error("the database URL `{url}` cannot be read: {message}")]
    Url {
        /// The URL without its password.
        url: String,
        /// The driver's message, without the password.
        message: String,
    },
    /// The database did not answer, or refused.
    #[error("cannot connect to `{url}`: {message}")]
    Connect {
        /// The URL without its password.
        url: String,
        /// The driver's message, without the password.
        message: String,
    },
}

impl ConnectError {
    /// The next thing to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Scheme { .. } => {
                "use `sqlite://FILE?mode=rwc`, `postgres://USER@HOST/DATABASE` or \
                 `mysql://USER@HOST/DATABASE`"
                    .to_owned()
            }
            Self::NotCompiled(error) => error.hint(),
            Self::Server { .. } => "connect to MariaDB 10.6 or later".to_owned(),
            Self::SqlMode { mode, .. } => format!(
                "remove {mode} from sql_mode, for the server or where the app connects, then run \
                 the same command again"
            ),
            Self::Session { .. } => "check that DATABASE_URL names a database".to_owned(),
            Self::Url { .. } => "check DATABASE_URL or --database-url".to_owned(),
            Self::Connect { url, .. } if url.starts_with("sqlite:") => {
                "check that DATABASE_URL names an SQLite file in a folder that exists, then run \
                 the same command again"
                    .to_owned()
            }
            Self::Connect { .. } | Self::Beside(_) => {
                "check that the database runs and that DATABASE_URL is right, then run the same \
                 command again"
                    .to_owned()
            }
        })
    }
}
