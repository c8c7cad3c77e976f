//! The project's files: finding, checking, writing and moving them. Nothing else touches files.

mod backport;
mod check;
mod cut;
mod declared;
mod discover;
mod downtime;
mod dump;
mod embedded;
mod error;
mod load;
mod migration;
mod moves;
mod name;
mod open_folder;
mod orm_migration;
mod path;
mod project;
#[cfg(test)]
pub(crate) mod sample;
mod source;
mod squash;
mod statements;
mod stops;
mod undo;
mod version;
mod write;

pub use backport::{Backport, BackportError, BackportRequest, Moved};
pub use check::{CheckError, Checked, Checks, Finding, Label, Rule, Severity, Words, validate};
pub use cut::{Cut, CutError, CutRequest, Repository};
pub use declared::Declared;
pub use dump::{read_dump, read_dumps, write_dump};
pub use embedded::{EmbeddedReleases, IntoReleases};
pub use error::ReleasesError;
pub use migration::{Body, FileKind, Migration, MigrationFile, Releases};
pub use moves::ChangeSet;
pub use name::file_name;
pub use orm_migration::OrmMigration;
pub use path::{PathError, StopError, odd_stops, path};
pub use project::{SETTINGS_FILE, read_settings, read_sql, read_template};
pub use source::search_code;
pub use squash::{Squash, SquashError};
pub use stops::{Stop, Why, stops, stops_between};
pub use version::{AppVersion, VersionError, VersionSource};
pub use write::write_all;
