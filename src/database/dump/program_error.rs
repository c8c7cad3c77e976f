//! Why the dump program of a database cannot be used.

/// The reason why the database's own dump program cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// It is not installed.
    #[error("`{program}` is not installed, and it is needed to write the schema of this database")]
    Missing {
        /// Its name.
        program: &'static str,
    },
    /// It has an earlier version than the server, which it may not understand.
    #[error("`{program}` has version {own}, but the server has version {server}")]
    Older {
        /// Its name.
        program: &'static str,
        /// Its version.
        own: String,
        /// The server's.
        server: String,
    },
    /// It cannot be started.
    #[error("`{program}` cannot be started")]
    Start {
        /// Its name.
        program: &'static str,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// It failed.
    #[error("`{program}` failed: {message}")]
    Failed {
        /// Its name.
        program: &'static str,
        /// Its error message, without the password.
        message: String,
    },
}

impl ProgramError {
    /// The next thing to do.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Missing { program } => format!(
                "install the client programs of {} (Debian: `apt-get install {}`), then run the \
                 same command again",
                database(program).0,
                database(program).1
            ),
            Self::Older { program, server, .. } => format!(
                "put a `{program}` of version {server} or later first in PATH, then run the same \
                 command again"
            ),
            Self::Start { .. } | Self::Failed { .. } => {
                "fix the cause, then run the same command again".to_owned()
            }
        }
    }
}

/// The database that the program belongs to, and the package that contains it.
fn database(program: &str) -> (&'static str, &'static str) {
    if program == "pg_dump" {
        ("PostgreSQL", "postgresql-client")
    } else {
        ("MariaDB", "mariadb-client")
    }
}
