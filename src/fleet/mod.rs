//! The running app processes: their leases, the epochs that they have acknowledged, and waiting for
//! them to acknowledge.

mod instance;
#[cfg(feature = "migrate")]
mod wait;

pub use instance::{Identity, Observation, REFRESH, describe, observe, observe_within, register};
#[cfg(feature = "migrate")]
pub use wait::{Patience, Waited, behind, load, settle, until_acknowledged, until_understood};
