//! The time and settings that tests check against: noon of a day.

use super::Checks;
use crate::manifest::Settings;

pub(super) fn checks(settings: &Settings) -> Checks<'_> {
    Checks { now: 20_261_121_120_000, settings, version: None, target: None, dumps: &[] }
}
