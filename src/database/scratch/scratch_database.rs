//! A temporary database: making it, and dropping it.

use sea_orm::{ConnectionTrait, DbErr};
use tempfile::TempDir;
use url::Url;

use super::leftovers::sweep;
use super::name::{PREFIX, new_name, seconds};
use crate::database::{Access, ConnectError, Database, Dialect, get, rows};

/// A temporary empty database that nobody else uses.
///
/// It is an SQLite file in a temporary folder, or a database with a recognisable name on the server
/// of another database. End it with [`close`](Self::close). Dropping it, as when the command is
/// interrupted, ends it as well, and blocks until it is gone. A scratch database that a killed
/// process has left behind is dropped a day later, by the next process that creates one on that
/// server.
#[derive(Debug)]
#[must_use]
pub struct Scratch {
    url: String,
    location: Location,
}

#[derive(Debug)]
enum Location {
    Folder(TempDir),
    /// The URL of the database on whose server it is, and its own name.
    Server {
        beside: String,
        name: String,
    },
    Gone,
}

/// The reason why a scratch database could not be created or dropped.
#[derive(Debug, thiserror::Error)]
pub enum ScratchError {
    /// The server cannot be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// No folder can be created for an SQLite file.
    #[error("a temporary folder cannot be created")]
    Folder(#[source] std::io::Error),
    /// The server refuses to create it.
    #[error("the scratch database `{name}` cannot be created")]
    Create {
        /// Its name.
        name: String,
        /// The cause.
        #[source]
        source: DbErr,
    },
    /// The server refuses to drop it.
    #[error("the scratch database `{name}` cannot be dropped")]
    Drop {
        /// Its name.
        name: String,
        /// The cause.
        #[source]
        source: DbErr,
    },
}

impl ScratchError {
    /// The next thing to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Connect(error) => return error.hint(),
            Self::Folder(_) => "make room in the folder for temporary files, or set TMPDIR".into(),
            Self::Create { .. } => "let this user create databases (PostgreSQL: `ALTER ROLE … \
                CREATEDB`, MariaDB: ``GRANT ALL ON `handover\\_scratch\\_%`.* TO …``), or give \
                another server by --database-url"
                .into(),
            Self::Drop { name, .. } => format!("drop `{name}` by hand"),
        })
    }
}

impl Scratch {
    /// Creates a scratch database on the server of `beside`, of the same kind and with the same
    /// character set.
    ///
    /// # Errors
    /// The server cannot be reached or refuses to create it.
    pub async fn create(beside: &str) -> Result<Self, ScratchError> {
        if beside.starts_with("sqlite:") {
            let mut folder = tempfile::Builder::new();
            let folder = folder.prefix("handover-scratch-").tempdir();
            let folder = folder.map_err(ScratchError::Folder)?;
            let file = folder.path().join("scratch.sqlite3");
            let url = format!("sqlite://{}?mode=rwc", file.display());
            return Ok(Self { url, location: Location::Folder(folder) });
        }
        let server = Database::connect(beside, Access::Read).await?;
        let made = create_on(&server).await;
        server.close().await;
        let name = made?;
        let url = renamed(beside, &name)?;
        Ok(Self { url, location: Location::Server { beside: beside.to_owned(), name } })
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Drops it, even if there are still connections to it.
    ///
    /// # Errors
    /// The server cannot be reached or refuses to drop it.
    pub async fn close(mut self) -> Result<(), ScratchError> {
        match std::mem::replace(&mut self.location, Location::Gone) {
            Location::Server { beside, name } => drop_beside(&beside, &name).await,
            Location::Folder(folder) => folder.close().map_err(ScratchError::Folder),
            Location::Gone => Ok(()),
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let Location::Server { beside, name } =
            std::mem::replace(&mut self.location, Location::Gone)
        else {
            return;
        };
        // The current runtime may be about to end, so a new runtime is used, on its own thread.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime
                && let Err(error) = runtime.block_on(drop_beside(&beside, &name))
            {
                tracing::warn!(%name, %error, "the scratch database is still there");
            }
        });
        let _ = thread.join();
    }
}

/// The URL of another database on the same server.
fn renamed(url: &str, name: &str) -> Result<String, ConnectError> {
    let mut parsed = Url::parse(url).map_err(|error| ConnectError::Url {
        url: crate::database::redact(url),
        message: error.to_string(),
    })?;
    parsed.set_path(name);
    // A PostgreSQL URL may also give the name in a parameter.
    if parsed.query_pairs().any(|(key, _)| key == "dbname") {
        let pairs: Vec<(String, String)> = parsed.query_pairs().into_owned().collect();
        let kept = pairs.into_iter().filter(|(key, _)| key != "dbname");
        parsed.query_pairs_mut().clear().extend_pairs(kept);
    }
    Ok(parsed.into())
}

async fn create_on(server: &Database) -> Result<String, ScratchError> {
    let (connection, dialect) = (server.connection(), server.dialect());
    sweep(server).await;
    let failed = |name: &str, source| ScratchError::Create { name: name.to_owned(), source };
    let now = seconds(server).await.map_err(|source| failed(PREFIX, source))?;
    let name = new_name(now);
    let like = match dialect {
        // pg_dump expects a database without local additions, as `template0` is.
        Dialect::Postgres => {
            "SELECT ' TEMPLATE template0 ENCODING ' || quote_literal(pg_encoding_to_char(encoding)) \
             || ' LC_COLLATE ' || quote_literal(datcollate) || ' LC_CTYPE ' \
             || quote_literal(datctype) FROM pg_database WHERE datname = current_database()"
        }
        Dialect::Sqlite | Dialect::MariaDb => {
            "SELECT concat(' CHARACTER SET ', @@character_set_database, ' COLLATE ', \
             @@collation_database)"
        }
    };
    let make = async {
        let like: Option<String> = get(connection, like, []).await?;
        let sql = format!("CREATE DATABASE {name}{}", like.unwrap_or_default());
        connection.execute_unprepared(&sql).await
    };
    make.await.map_err(|source| failed(&name, source))?;
    Ok(name)
}

async fn drop_beside(beside: &str, name: &str) -> Result<(), ScratchError> {
    let server = Database::connect(beside, Access::Read).await?;
    let dropped = drop_on(&server, name).await;
    server.close().await;
    dropped.map_err(|source| ScratchError::Drop { name: name.to_owned(), source })
}

async fn drop_on(server: &Database, name: &str) -> Result<(), DbErr> {
    let connection = server.connection();
    let force = match server.dialect() {
        Dialect::Postgres => " WITH (FORCE)",
        // Otherwise DROP DATABASE would wait for the open transactions.
        Dialect::Sqlite | Dialect::MariaDb => {
            let sql = "SELECT concat('KILL ', id) AS kill_it FROM information_schema.processlist \
                       WHERE db = $1";
            for row in rows(connection, sql, [name.into()]).await? {
                // If the connection has ended by itself by now, the error does not matter.
                let _ = connection.execute_unprepared(&row.try_get::<String>("", "kill_it")?).await;
            }
            ""
        }
    };
    connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}{force}")).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_on_the_same_server() {
        for (url, expect) in [
            (
                "postgres://u:p%40@h:1/app?sslmode=require",
                "postgres://u:p%40@h:1/x?sslmode=require",
            ),
            ("postgres://u@h/app?dbname=b&host=/tmp/a", "postgres://u@h/x?host=%2Ftmp%2Fa"),
            ("mysql://u@h/app?socket=/tmp/a", "mysql://u@h/x?socket=/tmp/a"),
            ("postgres:///app", "postgres:///x"),
        ] {
            assert_eq!(renamed(url, "x").unwrap(), expect);
        }
    }
}
