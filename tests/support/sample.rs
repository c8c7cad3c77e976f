//! How much of what could be tried is tried: a fixed part of it in a normal run, so that the same
//! commit has the same result each time, and all of it in a soak.

use std::env;

/// Whether everything is tried: `HANDOVER_ALL` is set.
pub fn all() -> bool {
    env::var_os("HANDOVER_ALL").is_some()
}

/// The seed of what is made at random: `HANDOVER_SEED`, or 1.
pub fn seed() -> u64 {
    number("HANDOVER_SEED").unwrap_or(1)
}

/// A number from the environment.
pub fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("`{text}` in `{variable}` is not a number")))
}
