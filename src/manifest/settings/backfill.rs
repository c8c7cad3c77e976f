//! Reads the section `backfill` of `handover.yml`.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde_yaml::Spanned;

use super::raw::RawBackfill;
use super::read::Reader;
use super::{BackfillSettings, SettingsError};
use crate::manifest::Location;

impl Reader<'_> {
    pub(super) fn backfill(&self, raw: RawBackfill) -> Result<BackfillSettings, SettingsError> {
        let default = BackfillSettings::default();
        Ok(BackfillSettings {
            batch_size: self.number(
                "backfill.batch_size",
                raw.batch_size,
                default.batch_size,
                (1..=1_000_000, "1 to 1000000"),
            )?,
            target_batch_time: self.duration(
                "backfill.target_batch_time",
                raw.target_batch_time,
                default.target_batch_time,
                (Duration::from_millis(1)..=Duration::from_mins(1), "1ms to 60s"),
            )?,
            pause: self.duration(
                "backfill.pause",
                raw.pause,
                default.pause,
                (Duration::ZERO..=Duration::from_hours(1), "0ms to 1h"),
            )?,
            workers: self.number(
                "backfill.workers",
                raw.workers,
                default.workers,
                (1..=16, "1 to 16"),
            )?,
            max_replica_lag: match raw.max_replica_lag {
                None => None,
                lag => Some(self.duration(
                    "backfill.max_replica_lag",
                    lag,
                    Duration::ZERO,
                    (Duration::from_millis(1)..=Duration::from_hours(24), "1ms to 1day"),
                )?),
            },
            health_query: raw.health_query.map(|query| self.query(query)).transpose()?,
        })
    }

    fn number(
        &self,
        key: &'static str,
        raw: Option<Spanned<u32>>,
        default: u32,
        (bounds, words): (RangeInclusive<u32>, &'static str),
    ) -> Result<u32, SettingsError> {
        match raw {
            None => Ok(default),
            Some(number) if bounds.contains(&number.value) => Ok(number.value),
            Some(number) => Err(SettingsError::Bounds {
                location: Location::at(self.file, number.referenced),
                key,
                text: number.value.to_string(),
                bounds: words,
            }),
        }
    }

    fn query(&self, raw: Spanned<String>) -> Result<String, SettingsError> {
        if !raw.value.trim().is_empty() {
            return Ok(raw.value);
        }
        Err(SettingsError::Empty {
            location: Location::at(self.file, raw.referenced),
            key: "backfill.health_query",
        })
    }
}
