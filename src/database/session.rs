//! The settings of the migrator's own statements, so that settings of a role, database, URL or
//! server do not change what a step does.

use std::time::Duration;

/// The settings of PostgreSQL that a step depends on, apart from the limits of its waits.
///
/// - `row_security`: a statement that could not see every row fails instead of skipping rows.
/// - Formats: keys of rows are passed as text.
/// - `default_tablespace`: new objects go into the server's default tablespace, not into the
///   role's.
const POSTGRES: &str = "row_security = off; SET LOCAL datestyle = 'ISO, YMD'; \
     SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC'; \
     SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; \
     SET LOCAL standard_conforming_strings = on; SET LOCAL default_tablespace = ''; \
     SET LOCAL array_nulls = on; SET LOCAL xmloption = 'content'; \
     SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0; \
     SET LOCAL plan_cache_mode = force_generic_plan";

/// The statements that set them for one transaction on PostgreSQL. `lock_timeout` is the maximum
/// wait for a lock.
#[must_use]
pub fn postgres_settings(lock_timeout: Duration) -> String {
    format!(
        "SET LOCAL lock_timeout = '{}ms'; SET LOCAL {POSTGRES}; \
         SELECT set_config('transaction_timeout', '0', true) \
         WHERE current_setting('transaction_timeout', true) IS NOT NULL",
        lock_timeout.as_millis()
    )
}

/// The session settings of MariaDB that a step depends on, by name and value.
///
/// - `sql_mode`: strict, so that no value is cut off or replaced; but any date that is stored is
///   accepted.
/// - `time_zone`: for an hour a year, the local time of a timestamp stands for two moments.
const MARIADB: [(&str, &str); 9] = [
    ("sql_mode", "'STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION'"),
    ("time_zone", "'+00:00'"),
    ("foreign_key_checks", "1"),
    ("unique_checks", "1"),
    ("check_constraint_checks", "1"),
    ("sql_safe_updates", "0"),
    ("sql_select_limit", "18446744073709551615"),
    ("sql_big_selects", "1"),
    ("idle_transaction_timeout", "0"),
];

/// The settings that limit the waits of a step; the migrator sets them for each transaction.
const MARIADB_WAITS: [&str; 3] =
    ["lock_wait_timeout", "innodb_lock_wait_timeout", "max_statement_time"];

/// The statement that sets them on MariaDB and saves the session's own values.
#[must_use]
pub fn mariadb_settings() -> String {
    let names = MARIADB.iter().map(|(name, _)| *name).chain(MARIADB_WAITS);
    let keep = names.map(|name| format!("@handover_{name} = coalesce(@handover_{name}, @@{name})"));
    let set = MARIADB.iter().map(|(name, value)| format!("SESSION {name} = {value}"));
    format!("SET {}", keep.chain(set).collect::<Vec<_>>().join(", "))
}

/// The statement that restores the session's own values on MariaDB, for migrations in plain SQL.
#[must_use]
pub fn mariadb_own_settings() -> String {
    let names = MARIADB.iter().map(|(name, _)| *name).chain(MARIADB_WAITS);
    let set = names.map(|name| {
        // A user variable may return a number with another type.
        let kept = format!("coalesce(@handover_{name}, @@{name})");
        match name {
            "sql_mode" | "time_zone" => format!("SESSION {name} = {kept}"),
            "max_statement_time" => format!("SESSION {name} = CAST({kept} AS double)"),
            _ => format!("SESSION {name} = CAST({kept} AS unsigned)"),
        }
    });
    format!("SET {}", set.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_keeps_its_own_values_beside() {
        let (set, own) = (mariadb_settings(), mariadb_own_settings());
        assert!(
            set.starts_with("SET @handover_sql_mode = coalesce(@handover_sql_mode, @@sql_mode)")
        );
        assert!(set.contains("SESSION time_zone = '+00:00'"));
        assert!(own.contains("SESSION time_zone = coalesce(@handover_time_zone, @@time_zone)"));
        assert!(postgres_settings(Duration::from_millis(50)).contains("lock_timeout = '50ms'"));
    }
}
