use std::time::Duration;

use clap::Args;

/// At least a millisecond: to PostgreSQL, none at all means to wait without end.
fn lock_timeout(text: &str) -> Result<Duration, &'static str> {
    let timeout = duration(text)?;
    let bounds = Duration::from_millis(1)..=Duration::from_mins(1);
    if bounds.contains(&timeout) { Ok(timeout) } else { Err("it must be within 1ms to 60s") }
}

#[derive(Debug, Args)]
pub struct Tuning {
    /// Rows that a backfill copies in one transaction
    #[arg(long, value_name = "ROWS", env = "HANDOVER_BATCH_SIZE", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub batch_size: Option<u32>,
    /// Rest between two batches
    #[arg(long, value_name = "DURATION", env = "HANDOVER_BATCH_PAUSE", value_parser = duration)]
    pub batch_pause: Option<Duration>,
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
