//! The options by which a command overrides settings of `handover.yml`: the copy, and how long to wait.

use std::time::Duration;

use clap::Args;

/// Parses a timeout of at least a millisecond: PostgreSQL takes 0 as waiting without end.
fn lock_timeout(text: &str) -> Result<Duration, &'static str> {
    let timeout = duration(text)?;
    let bounds = Duration::from_millis(1)..=Duration::from_mins(1);
    if bounds.contains(&timeout) { Ok(timeout) } else { Err("it must be within 1ms to 60s") }
}

/// Parses a pause, with the limit of `handover.yml`: a longer rest is a job for `backfill pause`.
pub(super) fn batch_pause(text: &str) -> Result<Duration, &'static str> {
    let pause = duration(text)?;
    if pause <= Duration::from_hours(1) { Ok(pause) } else { Err("it must be within 0ms to 1h") }
}

fn replica_lag(text: &str) -> Result<Duration, &'static str> {
    let lag = duration(text)?;
    let bounds = Duration::from_millis(1)..=Duration::from_hours(24);
    if bounds.contains(&lag) { Ok(lag) } else { Err("it must be within 1ms to 1day") }
}

#[derive(Debug, Args)]
pub struct Tuning {
    /// The maximum number of rows that a backfill copies in one transaction
    #[arg(long, value_name = "ROWS", env = "HANDOVER_BATCH_SIZE", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub batch_size: Option<u32>,
    /// The target time of such a transaction; their size follows from it
    #[arg(long, value_name = "DURATION", env = "HANDOVER_TARGET_BATCH_TIME", value_parser = lock_timeout)]
    pub target_batch_time: Option<Duration>,
    /// The pause between two batches
    #[arg(long, value_name = "DURATION", env = "HANDOVER_BATCH_PAUSE", value_parser = batch_pause)]
    pub batch_pause: Option<Duration>,
    /// The number of parallel batches (PostgreSQL)
    #[arg(long, value_name = "N", env = "HANDOVER_BACKFILL_WORKERS", value_parser = clap::value_parser!(u32).range(1..=16))]
    pub backfill_workers: Option<u32>,
    /// Pause the copy while a replica is further behind (PostgreSQL)
    #[arg(long, value_name = "DURATION", env = "HANDOVER_MAX_REPLICA_LAG", value_parser = replica_lag)]
    pub max_replica_lag: Option<Duration>,
    /// Pause the copy unless this query returns true
    #[arg(long, value_name = "SQL", env = "HANDOVER_HEALTH_QUERY", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub health_query: Option<String>,
    /// How long a schema change waits for a lock before it lets the app go first
    #[arg(long, value_name = "DURATION", env = "HANDOVER_LOCK_TIMEOUT", value_parser = lock_timeout)]
    pub lock_timeout: Option<Duration>,
    /// How long a schema change keeps trying to get its lock
    #[arg(long, value_name = "DURATION", env = "HANDOVER_LOCK_PATIENCE", value_parser = duration)]
    pub lock_patience: Option<Duration>,
    /// How long to wait for the processes to acknowledge a change of state
    #[arg(long, value_name = "DURATION", env = "HANDOVER_ACKNOWLEDGEMENT_PATIENCE", value_parser = duration)]
    pub acknowledgement_patience: Option<Duration>,
}

pub(super) fn duration(text: &str) -> Result<Duration, &'static str> {
    humantime::parse_duration(text)
        .map_err(|_| "it must be a number with a unit, such as `90s` or `10m`")
}
