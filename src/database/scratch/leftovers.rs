//! Scratch databases that killed processes have left on a server.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use super::name::{made_at, seconds};
use crate::database::{Database, Dialect, rows};

/// The age from which a scratch database is taken for the leftover of a killed process.
const LEFT: Duration = Duration::from_hours(24);

/// Drops scratch databases that killed processes have left on the server. Failures are ignored,
/// because nothing depends on it.
pub(super) async fn sweep(server: &Database) {
    let drop_all = async {
        let now = seconds(server).await?;
        let sql = match server.dialect() {
            Dialect::Postgres => "SELECT datname::text AS name FROM pg_database ORDER BY 1",
            Dialect::Sqlite | Dialect::MariaDb => {
                "SELECT schema_name AS name FROM information_schema.schemata ORDER BY 1"
            }
        };
        for row in rows(server.connection(), sql, []).await? {
            let name: String = row.try_get("", "name")?;
            if is_left(&name, now) {
                let sql = format!("DROP DATABASE IF EXISTS {name}");
                // PostgreSQL does not drop one that is still in use.
                if let Err(error) = server.connection().execute_unprepared(&sql).await {
                    tracing::debug!(%name, %error, "an old scratch database is still there");
                }
            }
        }
        Ok::<(), DbErr>(())
    };
    if let Err(error) = drop_all.await {
        tracing::debug!(%error, "the server's old scratch databases cannot be looked for");
    }
}

/// Returns true if an old scratch database has this name; then it is also safe to put into SQL as
/// it is.
fn is_left(name: &str, now: i64) -> bool {
    let age = |made: u64| now.cast_unsigned().saturating_sub(made);
    made_at(name).is_some_and(|made| age(made) > LEFT.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_old_and_our_own_is_dropped() {
        let now = 2_000_000_000;
        for (name, expect) in [
            ("handover_scratch_1999000000_0123abcd", true),
            ("handover_scratch_1999999999_0123abcd", false),
            ("handover_scratch_2999999999_0123abcd", false),
            ("handover_scratch_1999000000_0123abcg", false),
            ("handover_scratch_1999000000_0123abc", false),
            ("handover_scratch_1999000000", false),
            ("handover_scratch_+1_0123abcd", false),
            ("handover_scratch_mine_0123abcd", false),
            ("my_handover_scratch_1999000000_0123abcd", false),
            ("app", false),
        ] {
            assert_eq!(is_left(name, now), expect, "{name}");
        }
    }
}
