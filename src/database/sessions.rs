//! The sessions that are connected to the database, as the server shows them.

use sea_orm::{ConnectionTrait, DbErr};

#[cfg(feature = "migrate")]
use super::rows;
use super::{Dialect, row};
use crate::model::Client;
#[cfg(feature = "migrate")]
use crate::model::Session;

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
        Dialect::Postgres => {
            "SELECT (extract(epoch FROM backend_start) * 1000)::bigint AS began, coalesce(usename::text, '') AS role, \
             coalesce(host(client_addr), 'local') AS address \
             FROM pg_stat_activity WHERE pid = pg_backend_pid()"
        }
        Dialect::MariaDb => {
            "SELECT id AS began, user AS role, if(locate(':', host) = 0, host, left(host, char_length(host) - char_length(substring_index(host, ':', -1)) - 1)) AS address \
             FROM information_schema.processlist WHERE id = connection_id()"
        }
    };
    let found = row(connection, sql, []).await?;
    found.map(|found| client(&found)).transpose()
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
        Dialect::Postgres => {
            "SELECT (extract(epoch FROM backend_start) * 1000)::bigint AS began, coalesce(usename::text, '') AS role, \
             coalesce(host(client_addr), 'local') AS address, pid::bigint AS pid, coalesce(application_name, '') AS application \
             FROM pg_stat_activity WHERE datname = current_database() \
             AND backend_type = 'client backend' AND backend_start IS NOT NULL \
             AND application_name IS DISTINCT FROM 'handover' AND pid <> pg_backend_pid()"
        }
        Dialect::MariaDb => {
            "SELECT other.id AS began, other.user AS role, if(locate(':', other.host) = 0, other.host, left(other.host, char_length(other.host) - char_length(substring_index(other.host, ':', -1)) - 1)) AS address, \
             other.id AS pid, '' AS application \
             FROM information_schema.processlist AS other JOIN information_schema.processlist AS own \
             ON own.id = connection_id() WHERE other.db = database() AND other.id <> own.id \
             AND NOT (other.user = own.user \
             AND if(locate(':', other.host) = 0, other.host, left(other.host, char_length(other.host) - char_length(substring_index(other.host, ':', -1)) - 1)) = if(locate(':', own.host) = 0, own.host, left(own.host, char_length(own.host) - char_length(substring_index(own.host, ':', -1)) - 1)))"
        }
    };
    let found = rows(connection, sql, []).await?;
    let session = |row: &sea_orm::QueryResult| {
        Ok(Session {
            client: client(row)?,
            pid: row.try_get("", "pid")?,
            application: row.try_get("", "application")?,
        })
    };
    found.iter().map(session).collect()
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

fn client(row: &sea_orm::QueryResult) -> Result<Client, DbErr> {
    Ok(Client {
        began: row.try_get("", "began")?,
        role: row.try_get("", "role")?,
        address: row.try_get("", "address")?,
    })
}
