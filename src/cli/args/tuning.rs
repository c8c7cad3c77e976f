use std::time::Duration;

use clap::Args;

/// At least a millisecond: to PostgreSQL, none at all means to wait without end.
fn lock_timeout(text: &str) -> Result<Duration, &'static str> {
    let timeout = duration(text)?;
    let bounds = Duration::from_millis(1)..=Duration::from_mins(1);
    if bounds.contains(&timeout) { Ok(timeout) } else { Err("it must be within 1ms to 60s") }
}

/// As in `handover.yml`: a rest of more than an hour is a pause.
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
    /// Rows that a backfill copies in one transaction at most
    #[arg(long, value_name = "ROWS", env = "HANDOVER_BATCH_SIZE", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub batch_size: Option<u32>,
    /// How long one such transaction is to take; their size follows from it
    #[arg(long, value_name = "DURATION", env = "HANDOVER_TARGET_BATCH_TIME", value_parser = lock_timeout)]
    pub target_batch_time: Option<Duration>,
    /// Rest between two batches
    #[arg(long, value_name = "DURATION", env = "HANDOVER_BATCH_PAUSE", value_parser = batch_pause)]
    pub batch_pause: Option<Duration>,
    /// Batches at the same time (PostgreSQL)
    #[arg(long, value_name = "N", env = "HANDOVER_BACKFILL_WORKERS", value_parser = clap::value_parser!(u32).range(1..=16))]
    pub backfill_workers: Option<u32>,
    /// Wait with the copy while a replica is further behind (PostgreSQL)
    #[arg(long, value_name = "DURATION", env = "HANDOVER_MAX_REPLICA_LAG", value_parser = replica_lag)]
    pub max_replica_lag: Option<Duration>,
    /// Wait with the copy unless this query gives true
    #[arg(long, value_name = "SQL", env = "HANDOVER_HEALTH_QUERY", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub health_query: Option<String>,
    /// How long a schema change waits for a lock before it lets the app go first
    #[arg(long, value_name = "DURATION", env = "HANDOVER_LOCK_TIMEOUT", value_parser = lock_timeout)]
    pub lock_timeout: Option<Duration>,
    /// How long it comes back and tries again
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
