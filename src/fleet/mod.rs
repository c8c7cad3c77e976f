//! The running app processes: their leases, what they have acknowledged, and waiting for it.

mod instance;
mod wait;

pub use instance::{Identity, Observation, REFRESH, describe, observe, observe_within, register};
pub use wait::{Patience, Waited, behind, load, settle, until_acknowledged};
