use sea_orm::{ConnectionTrait, DbErr};
use tempfile::TempDir;
use url::Url;

use super::leftovers::sweep;
use super::name::{PREFIX, new_name, seconds};
use crate::database::{Access, ConnectError, Database, Dialect, get, rows};

/// An empty database that nobody else uses, and that is gone when this is.
///
/// An SQLite file in a temporary folder; or a database on the server of another, on whose name it can
/// be told from every other. End it with [`close`](Self::close); one that is dropped, as when the
/// command is interrupted, ends as well, and holds up whoever drops it for that long. What a killed
/// process leaves behind is dropped by the next that makes one on that server, a day later.
#[derive(Debug)]
#[must_use]
pub struct Scratch {
    url: String,
    location: Location,
}

#[derive(Debug)]
enum Location {
    Folder(TempDir),
    /// The database on whose server it is, and its own name.
    Server {
        beside: String,
        name: String,
    },
    Gone,
}

/// Why there is no scratch database, or why it is still there.
#[derive(Debug, thiserror::Error)]
pub enum ScratchError {
    /// The server cannot be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// No folder can be made for an SQLite file.
    #[error("no temporary folder can be made")]
    Folder(#[source] std::io::Error),
    /// The server makes none.
    #[error("the scratch database `{name}` cannot be made")]
    Create {
        /// Its name.
        name: String,
        /// Why.
        #[source]
        source: DbErr,
    },
    /// The server does not let go of it.
    #[error("the scratch database `{name}` cannot be dropped")]
    Drop {
        /// Its name.
        name: String,
        /// Why.
        #[source]
        source: DbErr,
    },
}

impl ScratchError {
    /// What to type or look at next.
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
    /// Makes one of the same kind as the database of this URL, and with its character set, beside
    /// it.
    ///
    /// # Errors
    /// The server cannot be reached or makes none.
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

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Drops it, whoever is still connected.
    ///
    /// # Errors
    /// The server cannot be reached or does not let go of it.
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
        // The runtime that this is dropped in may be about to end: another, on its own thread.
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
    // PostgreSQL knows a second parameter for the name.
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
        // What pg_dump takes for granted: nothing but what is in every database.
        Dialect::Postgres => {
            "SELECT ' TEMPLATE template0 ENCODING ' || quote_literal(pg_encoding_to_char(encoding)) \
             || ' LC_COLLATE ' || quote_literal(datcollate) || ' LC_CTYPE ' \
             || quote_literal(datctype) FROM pg_database WHERE datname = current_database()"
        }
        Dialect::Sqlite | Dialect::Mysql => {
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
        // It would wait for their transactions.
        Dialect::Sqlite | Dialect::Mysql => {
            let sql = "SELECT concat('KILL ', id) AS kill_it FROM information_schema.processlist \
                       WHERE db = $1";
            for row in rows(connection, sql, [name.into()]).await? {
                // One that has gone by itself by now is an error that says nothing.
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
