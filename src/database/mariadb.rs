//! Opening sessions on MariaDB, and checking that handover can work with them.

use sea_orm::sqlx::mysql::MySqlConnectOptions;
use sea_orm::{ConnectOptions, DatabaseConnection};

use super::ConnectError;
use super::{plain, row};

/// The URL with the scheme that the driver knows.
pub(super) fn url(url: &str) -> String {
    match url.strip_prefix("mariadb:") {
        Some(rest) => format!("mysql:{rest}"),
        None => url.to_owned(),
    }
}

/// The options for a single, permanent connection: the migration lock belongs to its session, and
/// the migrator does everything in that session. The driver's own `sql_mode` and time zone are left
/// out, so that SQL migrations mean what they mean to the server.
pub(super) fn options(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging(false)
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_mysql_opts(session_options);
    options
}

/// Leaves out the settings that the driver makes in each session.
pub(super) fn session_options(options: MySqlConnectOptions) -> MySqlConnectOptions {
    options.pipes_as_concat(false).no_engine_substitution(false).timezone(None)
}

/// The modes of `sql_mode` that handover cannot work with, each with its effect. The driver's own
/// `PIPES_AS_CONCAT` is not one of them: it does not change the columns of a statement or their
/// positions.
const IN_THE_WAY: [(&str, &str); 3] = [
    ("SIMULTANEOUS_ASSIGNMENT", "a SET would give two columns two different values"),
    ("ANSI_QUOTES", "a text in double quotes would be a name"),
    ("NO_BACKSLASH_ESCAPES", "a text would end elsewhere"),
];

/// Checks that the server is MariaDB, new enough, with a database selected and a suitable
/// `sql_mode`.
pub(super) async fn check(connection: &DatabaseConnection) -> Result<(), ConnectError> {
    let session = |message: String| ConnectError::Session { message };
    let sql = "SELECT version() AS version, @@sql_mode AS mode, database() AS name";
    let found =
        row(connection, sql, []).await.map_err(|error| session(plain(&error.to_string())))?;
    let found = found.ok_or_else(|| session("no answer".to_owned()))?;
    let text = |column: &str| {
        let text = found.try_get::<Option<String>>("", column);
        text.map_err(|error| session(plain(&error.to_string())))
    };
    let version = text("version")?.unwrap_or_default();
    if !fits(&version) {
        return Err(ConnectError::Server { version });
    }
    if text("name")?.is_none() {
        return Err(session("no database is selected".to_owned()));
    }
    let modes = text("mode")?.unwrap_or_default();
    match IN_THE_WAY.iter().find(|(mode, _)| modes.split(',').any(|own| own == *mode)) {
        Some((mode, why)) => Err(ConnectError::SqlMode { mode, why }),
        None => Ok(()),
    }
}

fn fits(version: &str) -> bool {
    let mut numbers = version.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    version.contains("MariaDB") && found >= (10, 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_mariadb_from_10_6_on_will_do() {
        for (version, expect) in [
            ("10.11.19-MariaDB-0+deb12u1", true),
            ("10.6.0-MariaDB", true),
            ("11.4.2-MariaDB-ubu2404", true),
            ("10.5.27-MariaDB", false),
            ("8.0.36", false),
            ("", false),
        ] {
            assert_eq!(fits(version), expect, "{version}");
        }
    }
}
