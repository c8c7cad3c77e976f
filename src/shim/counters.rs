//! The counters of the shim.

use metrics::{Counter, counter, describe_counter};

const HITS: &str = "handover_shim_cache_hits_total";
const MISSES: &str = "handover_shim_cache_misses_total";
const REWRITES: &str = "handover_shim_rewrites_total";
const RESENDS: &str = "handover_shim_resends_total";

/// The counters of the shim, for the recorder that the program has installed. Without a recorder,
/// counting does nothing. docs/reference/observability.md lists the names.
#[derive(Clone)]
pub(super) struct Counters {
    pub hits: Counter,
    pub misses: Counter,
    pub rewrites: Counter,
    pub resends: Counter,
}

impl Counters {
    /// Registers with the present recorder. One that is installed later counts from the next
    /// mapping.
    pub fn new() -> Self {
        describe_counter!(HITS, "Statements whose rewriting was remembered.");
        describe_counter!(MISSES, "Statements seen for the first time under a mapping.");
        describe_counter!(REWRITES, "Of these, statements that were given another text.");
        describe_counter!(RESENDS, "Statements sent again because the columns had moved on.");
        Self {
            hits: counter!(HITS),
            misses: counter!(MISSES),
            rewrites: counter!(REWRITES),
            resends: counter!(RESENDS),
        }
    }
}

impl std::fmt::Debug for Counters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Counters").finish_non_exhaustive()
    }
}
