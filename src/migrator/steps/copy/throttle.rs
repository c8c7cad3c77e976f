//! The throttle of a copy: between two batches it waits for the operator, for a replica that lags, and
//! for the operator's health query.

use std::cell::Cell;
use std::time::{Duration, Instant};

use sea_orm::DbErr;

use super::super::super::context::Context;
use super::super::super::event::Event;
use super::super::super::stage_error::StageError;
use super::session::Session;
use crate::database::tables::{self, Control};
use crate::database::{Dialect, get, row};

/// How long a good answer is valid.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// The time after a bad answer until the next question; doubles each time.
const AGAIN: Duration = Duration::from_millis(250);

/// The maximum time until the next question.
const AGAIN_AT_MOST: Duration = Duration::from_secs(5);

/// The time between two looks whether a paused copy is resumed.
const PAUSED: Duration = Duration::from_millis(250);

const PAUSED_BY: &str =
    "paused by `handover db backfill pause`; resume it with `handover db backfill resume`";

/// Checks whether the copy may go on.
pub(super) struct Throttle<'c> {
    context: &'c Context<'c>,
    /// The operator's requests, as of the last look.
    pub control: Cell<Control>,
    asked: Cell<Option<Instant>>,
}

impl<'c> Throttle<'c> {
    pub fn new(context: &'c Context<'c>, control: Control) -> Result<Self, StageError> {
        let dialect = context.dialect();
        if context.settings.backfill.max_replica_lag.is_some() && dialect != Dialect::Postgres {
            return Err(StageError::Lag { dialect });
        }
        Ok(Self { context, control: Cell::new(control), asked: Cell::new(None) })
    }

    /// The maximum number of rows in one batch.
    pub fn most(&self) -> u32 {
        self.control.get().batch_size.unwrap_or(self.context.settings.backfill.batch_size)
    }

    /// The pause between two batches. On SQLite there always is one: a session that waits for the only
    /// writer looks from time to time, and has to find it free.
    pub fn pause(&self) -> Duration {
        let asked = self.control.get().pause_ms.map(Duration::from_millis);
        let pause = asked.unwrap_or(self.context.settings.backfill.pause);
        if self.context.dialect() == Dialect::Sqlite {
            return pause.max(Duration::from_millis(1));
        }
        pause
    }

    /// Waits until the copy may go on. No transaction is open meanwhile.
    pub async fn wait(&self, session: &mut Session<'_>) -> Result<(), StageError> {
        let mut again = AGAIN;
        while self.is_due() {
            session.close().await?;
            let why = if self.control.get().paused {
                Some(PAUSED_BY.to_owned())
            } else {
                self.unhealthy().await?
            };
            let Some(why) = why else {
                self.asked.set(Some(Instant::now()));
                return Ok(());
            };
            let change = self.context.change.name.clone();
            self.context.observer.event(Event::Held { change, why });
            if self.control.get().paused {
                tokio::time::sleep(PAUSED).await;
            } else {
                tokio::time::sleep(again).await;
                again = (again * 2).min(AGAIN_AT_MOST);
            }
            let connection = self.context.database.connection();
            self.control.set(tables::control(connection, &self.context.change.name).await?);
        }
        Ok(())
    }

    fn is_due(&self) -> bool {
        let settings = &self.context.settings.backfill;
        let looks = settings.max_replica_lag.is_some() || settings.health_query.is_some();
        let good = self.asked.get().is_some_and(|at| at.elapsed() < GOOD_FOR);
        self.control.get().paused || looks && !good
    }

    /// The reason why the copy may not go on, if there is one.
    async fn unhealthy(&self) -> Result<Option<String>, StageError> {
        let settings = &self.context.settings.backfill;
        if let Some(limit) = settings.max_replica_lag {
            let lag = self.lag().await?;
            if lag > limit {
                let limit = humantime::format_duration(limit);
                return Ok(Some(format!(
                    "a replica is further behind than the `max_replica_lag` of {limit}"
                )));
            }
        }
        if let Some(query) = &settings.health_query
            && !self.healthy(query).await.map_err(|source| StageError::Health { source })?
        {
            return Ok(Some("the `health_query` does not return true".to_owned()));
        }
        Ok(None)
    }

    /// The lag of the furthest replica. A replica that has replayed everything it was sent does not lag;
    /// for one that has not, and does not answer, the time of its last answer counts.
    async fn lag(&self) -> Result<Duration, StageError> {
        let sql = "SELECT count(*) FILTER (WHERE state IS NULL), \
                   (extract(epoch FROM max(greatest(replay_lag, \
                   CASE WHEN replay_lsn < sent_lsn THEN clock_timestamp() - reply_time END))) \
                   * 1000)::bigint FROM pg_stat_replication";
        let found = row(self.context.database.connection(), sql, []).await?;
        let Some(found) = found else { return Ok(Duration::ZERO) };
        if found.try_get_by_index::<i64>(0)? > 0 {
            return Err(StageError::LagHidden);
        }
        let lag: Option<i64> = found.try_get_by_index(1)?;
        Ok(Duration::from_millis(lag.and_then(|lag| u64::try_from(lag).ok()).unwrap_or(0)))
    }

    async fn healthy(&self, query: &str) -> Result<bool, DbErr> {
        let query = query.trim().trim_end_matches(';');
        let sql = format!("SELECT CASE WHEN (\n{query}\n) THEN 'yes' ELSE 'no' END");
        let said: Option<String> = get(self.context.database.connection(), &sql, []).await?;
        Ok(said.as_deref() == Some("yes"))
    }
}
