//! The required stops that `handover.yml` declares have migrations.

use std::path::Path;

use super::rule::{STOP_BEFORE_ALL, STOP_EMPTY};
use super::{Checks, Finding};
use crate::releases::{Migration, odd_stops};

/// Checks the stops that `handover.yml` declares.
pub(super) fn findings(migrations: &[Migration], checks: &Checks<'_>) -> Vec<Finding> {
    let odd = odd_stops(migrations, checks.settings).into_iter();
    odd.map(|stop| {
        let rule = if stop.is_wrong() { STOP_BEFORE_ALL } else { STOP_EMPTY };
        let file = Path::new("handover.yml");
        Finding { hint: stop.hint(), ..Finding::new(rule, file, stop.to_string(), String::new()) }
    })
    .collect()
}
