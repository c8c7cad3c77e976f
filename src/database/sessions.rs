//! The sessions that are connected to the database, as the server shows them.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

#[cfg(feature = "migrate")]
use super::rows;
use super::{Dialect, row};
use crate::model::Client;
#[cfg(feature = "migrate")]
use crate::model::Session;

/// The columns of [`client`], and the table that they are read from.
const POSTGRES: &str = "SELECT (extract(epoch FROM backend_start) * 1000)::bigint AS began, \
     coalesce(usename::text, '') AS role, coalesce(host(client_addr), 'local') AS host, \
     pid::bigint AS pid, coalesce(application_name, '') AS application FROM pg_stat_activity";
const MARIADB: &str = "SELECT id AS began, user AS role, host, id AS pid, '' AS application \
     FROM information_schema.processlist";

/// Returns the client of this connection; `None` on SQLite, which has no server.
///
/// # Errors
/// The database reports an error.
pub async fn own_client<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Option<Client>, DbErr> {
    let sql = match dialect {
        Dialect::Sqlite => return Ok(None),
        Dialect::Postgres => format!("{POSTGRES} WHERE pid = pg_backend_pid()"),
        Dialect::MariaDb => format!("{MARIADB} WHERE id = connection_id()"),
    };
    let found = row(connection, &sql, []).await?;
    found.map(|found| client(dialect, &found)).transpose()
}

/// Returns the other sessions of this database that this role may see, without those of handover's
/// command. On MariaDB, which has no names for programs, sessions with the command's own role and address
/// are left out.
///
/// # Errors
/// The database reports an error.
#[cfg(feature = "migrate")]
pub async fn other_sessions<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Vec<Session>, DbErr> {
    let sql = match dialect {
        Dialect::Sqlite => return Ok(Vec::new()),
        // Of the sessions of other roles, a role without `pg_read_all_stats` does not see the start.
        Dialect::Postgres => format!(
            "{POSTGRES} WHERE datname = current_database() AND backend_type = 'client backend' \
             AND backend_start IS NOT NULL AND application_name IS DISTINCT FROM 'handover' \
             AND pid <> pg_backend_pid()"
        ),
        Dialect::MariaDb => {
            format!("{MARIADB} WHERE db = database() AND id <> connection_id()")
        }
    };
    let session = |row: &QueryResult| {
        Ok(Session {
            client: client(dialect, row)?,
            pid: row.try_get("", "pid")?,
            application: row.try_get("", "application")?,
        })
    };
    let found = rows(connection, &sql, []).await?;
    let mut sessions = found.iter().map(session).collect::<Result<Vec<_>, DbErr>>()?;
    if dialect == Dialect::MariaDb
        && let Some(own) = own_client(connection, dialect).await?
    {
        sessions.retain(|session| !session.client.is_beside(&own));
    }
    Ok(sessions)
}

/// How much earlier than the session in which a process registers another session of its pool may have
/// begun, in the unit of [`Client::began`]: ten seconds on PostgreSQL, and on MariaDB as many connections as
/// a busy server may get meanwhile.
#[cfg(feature = "migrate")]
#[must_use]
pub const fn session_leeway(dialect: Dialect) -> i64 {
    match dialect {
        Dialect::MariaDb => 500,
        Dialect::Postgres | Dialect::Sqlite => 10_000,
    }
}

fn client(dialect: Dialect, row: &QueryResult) -> Result<Client, DbErr> {
    let host: String = row.try_get("", "host")?;
    let address = if dialect == Dialect::MariaDb { without_port(&host) } else { &host };
    Ok(Client {
        began: row.try_get("", "began")?,
        role: row.try_get("", "role")?,
        address: address.to_owned(),
    })
}

/// `10.0.0.7:54321` -> `10.0.0.7`, as MariaDB shows the host of a session. A socket has no port.
fn without_port(host: &str) -> &str {
    host.rsplit_once(':').map_or(host, |(address, _)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_client_is_the_same_for_all_of_its_ports() {
        for (host, address) in [
            ("localhost", "localhost"),
            ("10.0.0.7:54321", "10.0.0.7"),
            ("web-1.example.org:54321", "web-1.example.org"),
            ("2001:db8::7:54321", "2001:db8::7"),
            ("::1:54321", "::1"),
        ] {
            assert_eq!(without_port(host), address);
        }
    }
}
