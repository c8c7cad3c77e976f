//! The YAML of a stage file and of `handover.yml`, read strictly. Only owner of the file format.

mod checksum;
mod parse;
mod settings;
mod yaml;

pub use checksum::Checksum;
pub use parse::{Manifest, ManifestError, sql_after};
pub use settings::{BackfillSettings, Folders, LockSettings, Settings, SettingsError};
pub use yaml::{Place, YamlError, quote};
