//! Checking that handover can work with the sessions of a MariaDB server.

use sea_orm::DatabaseConnection;

use super::ConnectError;
use super::{plain, row};

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
