//! The settings in `handover.yml`.

mod backfill;
mod edit;
mod error;
mod paths;
mod raw;
mod read;
mod values;

pub use error::SettingsError;
pub use values::{BackfillSettings, CheckSettings, Folders, LockSettings, Settings};
