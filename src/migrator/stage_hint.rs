//! The next thing to type or look at after a stage has failed.

use super::migrate_hint::POOLER;
use super::stage_error::StageError;
use crate::database::{Fault, fault};
use crate::plan::obstacle_hint;

impl StageError {
    /// The next thing to type or look at.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NoTable { .. } | Self::NoColumn { .. } => {
                "check the table and column in the migration file against the database".to_owned()
            }
            Self::Gone { quoted: (table, column), .. } => format!(
                "restore it from a backup; or, if you do not need its values, add it again without them \
                 (`ALTER TABLE {table} ADD COLUMN {column} …`), then run `handover db migrate` again"
            ),
            Self::ColumnExists { column, .. } => format!(
                "look at what `{column}` is; if nothing uses it, drop it by hand and run `handover db migrate` again"
            ),
            Self::NameTooLong { .. } => "choose a shorter name".to_owned(),
            Self::Unfit { obstacles, other_way, .. } => {
                let other_way = other_way.iter().map(|way| format!("; or {way}"));
                obstacle_hint(obstacles) + &other_way.collect::<String>()
            }
            Self::Needed { obstacles, .. } => obstacle_hint(obstacles),
            Self::StillNamed { .. } => "roll out code that does without it, then run `handover db \
                 migrate --post` again; or, if these statements may fail: `handover db migrate --post \
                 --allow statements`"
                .to_owned(),
            Self::NotNullAgain { hint, .. } => hint.clone(),
            Self::Unconvertible { .. } => {
                "correct these values, or generate the change with other \
                 expressions (`--using`, `--back`), then run `handover db migrate` again"
                    .to_owned()
            }
            Self::Outdated { .. } => "first roll out a release that is built with this version of \
                 handover, then run the same command again"
                .to_owned(),
            Self::Lacks { target, .. } => {
                format!("give `{target}` the same, or drop it, then run the same command again")
            }
            Self::Unreadable(_) => {
                "drop what has this expression, then run the same command again".to_owned()
            }
            Self::State { .. } | Self::Unknown { .. } | Self::Fenced(_) => {
                "handover db status".to_owned()
            }
            Self::Behind { .. } => {
                "handover db migrate --wait 5m (or stop the processes that do not answer)"
                    .to_owned()
            }
            Self::Differ { .. } => {
                "look for a trigger or job that writes only one of the columns, then run `handover \
                 db migrate` again"
                    .to_owned()
            }
            Self::Health { .. } => {
                "correct the query, so that it returns one value, then run the same command again"
                    .to_owned()
            }
            Self::Lag { .. } => "remove the setting; if there are replicas, check their lag with \
                 `backfill.health_query`"
                .to_owned(),
            Self::LagHidden => {
                "allow it: `GRANT pg_monitor TO …`, then run the same command again".to_owned()
            }
            Self::LockLost => "run the same command again".to_owned(),
            Self::Database(error)
                if error.to_string().contains("log_bin_trust_function_creators") =>
            {
                "let this user create triggers: `SET GLOBAL log_bin_trust_function_creators = 1`, \
                 then run the same command again"
                    .to_owned()
            }
            Self::Database(error) if fault(error) == Fault::PreparedStatement => POOLER.to_owned(),
            Self::Definition(_) | Self::Conversion(_) => "restore handover_changes from a backup".to_owned(),
            Self::Wraparound { table, .. } => format!(
                "wait until it has ended (pg_stat_progress_vacuum shows how far it is), or get ahead \
                 of it by hand with `VACUUM (FREEZE) {table}`; then run the same command again"
            ),
            _ if self.is_missed_lock() => {
                "a transaction holds the table for longer than lock.patience; end it, then run the \
                 same command again"
                    .to_owned()
            }
            Self::Busy { .. } | Self::Database(_) => {
                "fix the cause, then run the same command again".to_owned()
            }
        }
    }
}
