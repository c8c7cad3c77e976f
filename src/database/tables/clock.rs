//! The database's clock.

use crate::database::Dialect;

/// The SQL expression for the database's clock, in milliseconds since 1970.
#[must_use]
pub const fn now_ms(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
        Dialect::Postgres => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
        Dialect::MariaDb => {
            // UNIX_TIMESTAMP(NOW()) would be ambiguous for an hour a year in most time zones.
            "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)"
        }
    }
}
