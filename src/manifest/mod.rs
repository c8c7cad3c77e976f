//! Strict readers of stage files, `handover.yml` and the frame of a schema dump. The only owner of
//! the file formats.

mod after;
mod checksum;
mod error;
mod parse;
mod retype;
mod schema_dump;
mod settings;
mod slot;
mod yaml;

pub use after::sql_after;
pub use checksum::Checksum;
pub use error::ManifestError;
pub use parse::{Manifest, StageName};
pub use schema_dump::{DatabaseKind, DumpError, DumpedMigration, SchemaDump};
pub use settings::{
    BackfillSettings, CheckSettings, Folders, LockSettings, Settings, SettingsError,
};
pub use slot::{Slot, SlotError, Taken};
pub use yaml::{Location, YamlError, quote};
