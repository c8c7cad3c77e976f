//! The sessions that hold a table, as far as the database shows them.

use std::fmt;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::database::{Dialect, get, rows};
use crate::model::TableName;

/// A session whose lock a step waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// Its process on PostgreSQL, its connection on MariaDB; `None` for a prepared transaction, which
    /// has no session.
    pub pid: Option<i64>,
    /// `application_name` on PostgreSQL, the user on MariaDB.
    pub application: String,
    /// Its activity in words. Of an app's statement, only the first word.
    pub doing: String,
    /// How long its transaction has been open; `None` if this role may not see that.
    pub since: Option<Duration>,
    /// True if it certainly holds the table. MariaDB needs a plugin to show that: without it, this is
    /// any open transaction, whatever it holds.
    pub certain: bool,
    /// The kind of session.
    pub kind: BlockerKind,
}

/// The kind of a session that holds a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockerKind {
    /// An ordinary transaction.
    Transaction,
    /// An autovacuum, which PostgreSQL cancels for whoever queues for `deadlock_timeout`.
    Autovacuum,
    /// An autovacuum to prevent wraparound, which PostgreSQL does not cancel.
    Wraparound,
}

impl Blocker {
    /// Returns true if its transaction has been open for longer than `timeout`, and nobody ends it.
    pub(super) fn stays_open(&self, timeout: Duration) -> bool {
        match self.kind {
            BlockerKind::Transaction => {
                self.pid.is_none() || self.since.is_some_and(|since| since > timeout)
            }
            BlockerKind::Autovacuum | BlockerKind::Wraparound => false,
        }
    }
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.certain {
            f.write_str("perhaps ")?;
        }
        match self.pid {
            Some(pid) => write!(f, "pid {pid} (")?,
            None => f.write_str("a prepared transaction (")?,
        }
        if !self.application.is_empty() {
            write!(f, "{}, ", self.application)?;
        }
        f.write_str(&self.doing)?;
        if let Some(since) = self.since {
            // Whole seconds: a message that repeats only because time passes says nothing new.
            let since = Duration::from_secs(since.as_secs().max(1));
            write!(f, ", open for {}", humantime::format_duration(since))?;
        }
        f.write_str(")")
    }
}

/// The words, followed by the blockers; empty if there are none.
pub(super) fn list(words: &str, blockers: &[Blocker]) -> String {
    if blockers.is_empty() {
        return String::new();
    }
    let names: Vec<String> = blockers.iter().map(ToString::to_string).collect();
    format!("{words}{}", names.join(", "))
}

/// The locks that conflict with the lock of a step on PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conflict {
    /// For updating rows: the locks of others that write or lock rows.
    Rows,
    /// For `SHARE UPDATE EXCLUSIVE`: those of maintenance and schema changes.
    Maintenance,
    /// For `SHARE ROW EXCLUSIVE`: those of writers, too.
    Writers,
    /// For `ACCESS EXCLUSIVE`: all.
    Everyone,
}

impl Conflict {
    const fn modes(self) -> &'static str {
        match self {
            Self::Rows => "l.mode <> 'AccessShareLock'",
            Self::Maintenance => {
                "l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')"
            }
            Self::Writers => "l.mode NOT IN ('AccessShareLock', 'RowShareLock')",
            Self::Everyone => "true",
        }
    }
}

/// Returns the sessions that hold a conflicting lock on the table. Empty on SQLite, where a database
/// does not know who uses it.
///
/// # Errors
/// Whatever the database reports.
pub(super) async fn holders<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &TableName,
    conflict: Conflict,
) -> Result<Vec<Blocker>, DbErr> {
    match dialect {
        Dialect::Sqlite => Ok(Vec::new()),
        Dialect::Postgres => postgres(connection, table, conflict).await,
        Dialect::MariaDb => mariadb(connection, table).await,
    }
}

async fn postgres<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
    conflict: Conflict,
) -> Result<Vec<Blocker>, DbErr> {
    // A prepared transaction has no process. Without the privilege, a role sees only the process
    // number of another role's session. Table numbers are unique only within a database.
    let sql = format!(
        "SELECT DISTINCT l.pid::bigint AS pid, coalesce(a.application_name, '') AS application, \
         coalesce(a.backend_type, '') AS backend, coalesce(a.state, '') AS state, \
         coalesce(a.query, '') AS query, \
         (extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::bigint AS age \
         FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid \
         WHERE l.locktype = 'relation' AND l.relation = to_regclass($1) AND l.granted \
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
         AND l.pid IS DISTINCT FROM pg_backend_pid() AND {} ORDER BY pid",
        conflict.modes()
    );
    let table = Dialect::Postgres.quote_table(table);
    rows(connection, &sql, [table.into()]).await?.iter().map(of_postgres).collect()
}

fn of_postgres(row: &QueryResult) -> Result<Blocker, DbErr> {
    let pid: Option<i64> = row.try_get("", "pid")?;
    let backend: String = row.try_get("", "backend")?;
    let state: String = row.try_get("", "state")?;
    let query: String = row.try_get("", "query")?;
    let age: Option<i64> = row.try_get("", "age")?;
    let kind = match backend.as_str() {
        "autovacuum worker" if query.contains("to prevent wraparound") => BlockerKind::Wraparound,
        "autovacuum worker" => BlockerKind::Autovacuum,
        _ => BlockerKind::Transaction,
    };
    let doing = match (kind, pid) {
        (BlockerKind::Wraparound, _) => "autovacuum to prevent wraparound".to_owned(),
        (BlockerKind::Autovacuum, _) => "autovacuum".to_owned(),
        (BlockerKind::Transaction, None) => "see pg_prepared_xacts".to_owned(),
        (BlockerKind::Transaction, _) if state.is_empty() => {
            "what it does is not shown to this role".to_owned()
        }
        (BlockerKind::Transaction, _) => activity(&state, &query),
    };
    Ok(Blocker {
        pid,
        application: row.try_get("", "application")?,
        doing,
        since: age.map(milliseconds),
        certain: true,
        kind,
    })
}

/// Returns the sessions that a concurrent build of an index on the table waits for: every older
/// transaction, whatever it does (PostgreSQL).
///
/// # Errors
/// Whatever the database reports.
pub(super) async fn awaited_by_build<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &TableName,
) -> Result<Vec<Blocker>, DbErr> {
    if dialect != Dialect::Postgres {
        return Ok(Vec::new());
    }
    let sql = "SELECT DISTINCT a.pid::bigint AS pid, coalesce(a.application_name, '') AS application, \
               coalesce(a.backend_type, '') AS backend, coalesce(a.state, '') AS state, \
               coalesce(a.query, '') AS query, \
               (extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::bigint AS age \
               FROM pg_stat_progress_create_index p JOIN pg_stat_activity a \
               ON a.pid = p.current_locker_pid OR a.pid = ANY (pg_blocking_pids(p.pid)) \
               WHERE p.relid = to_regclass($1) ORDER BY 1";
    let table = dialect.quote_table(table);
    rows(connection, sql, [table.into()]).await?.iter().map(of_postgres).collect()
}

async fn mariadb<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
) -> Result<Vec<Blocker>, DbErr> {
    let installed = "SELECT EXISTS (SELECT 1 FROM information_schema.plugins \
                     WHERE plugin_name = 'METADATA_LOCK_INFO' AND plugin_status = 'ACTIVE')";
    let certain = get::<bool, _, _>(connection, installed, []).await?.unwrap_or(false);
    let age = "TIMESTAMPDIFF(MICROSECOND, t.trx_started, now(6)) DIV 1000 AS age";
    let what = "SELECT DISTINCT p.id AS pid, p.user AS application, p.command AS state, \
                coalesce(p.info, '') AS query";
    let sql = if certain {
        format!(
            "{what}, {age} FROM information_schema.metadata_lock_info m \
             JOIN information_schema.processlist p ON p.id = m.thread_id \
             LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id \
             WHERE m.table_schema = coalesce($1, database()) AND m.table_name = $2 \
             AND p.id <> connection_id()"
        )
    } else {
        format!(
            "{what}, {age} FROM information_schema.innodb_trx t \
             JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id \
             WHERE p.db = coalesce($1, database()) AND $2 <> '' AND p.id <> connection_id()"
        )
    };
    let schema = table.schema.as_ref().map(|schema| schema.as_str().to_owned());
    let values = [schema.into(), table.name.as_str().into()];
    let found = rows(connection, &sql, values).await?;
    found.iter().map(|row| of_mariadb(row, certain)).collect()
}

fn of_mariadb(row: &QueryResult, certain: bool) -> Result<Blocker, DbErr> {
    let command: String = row.try_get("", "state")?;
    let query: String = row.try_get("", "query")?;
    let age: Option<i64> = row.try_get("", "age")?;
    let state = if command == "Sleep" { "idle in transaction" } else { "active" };
    Ok(Blocker {
        pid: Some(row.try_get("", "pid")?),
        application: row.try_get("", "application")?,
        doing: activity(state, &query),
        since: age.map(milliseconds),
        certain,
        kind: BlockerKind::Transaction,
    })
}

/// The state of a session in words, with the first word of its statement: the rest may contain
/// private data.
fn activity(state: &str, query: &str) -> String {
    let word: String =
        query.trim_start().chars().take_while(char::is_ascii_alphabetic).take(20).collect();
    match state {
        "active" if !word.is_empty() => format!("runs {}", word.to_uppercase()),
        other => other.to_owned(),
    }
}

fn milliseconds(age: i64) -> Duration {
    Duration::from_millis(u64::try_from(age).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blocker_is_named_without_its_statement() {
        let blocker = Blocker {
            pid: Some(12),
            application: "psql".to_owned(),
            doing: activity("active", " UPDATE users SET password = 'secret'"),
            since: Some(Duration::from_millis(61_700)),
            certain: true,
            kind: BlockerKind::Transaction,
        };
        assert_eq!(list(": ", &[]), "");
        let idle = Blocker {
            pid: None,
            application: String::new(),
            doing: activity("idle in transaction", "SELECT 1"),
            since: None,
            ..blocker.clone()
        };
        assert_eq!(
            list(": ", &[blocker.clone(), idle]),
            ": pid 12 (psql, runs UPDATE, open for 1m 1s), a prepared transaction (idle in transaction)"
        );
        let perhaps = Blocker { certain: false, ..blocker };
        assert!(list("; ", &[perhaps]).starts_with("; perhaps pid 12"));
    }
}
