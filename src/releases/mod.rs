//! The project's files: finding, checking, writing and moving them. Nothing else touches files.

#[cfg(feature = "cli")]
mod backport;
#[cfg(feature = "cli")]
mod change_set;
mod check;
#[cfg(feature = "cli")]
mod code_search;
#[cfg(feature = "cli")]
mod cut;
#[cfg(feature = "migrate")]
mod declared;
mod embedded;
mod error;
mod file_name;
mod load;
mod migration;
mod migration_file;
mod open_folder;
#[cfg(feature = "migrate")]
mod orm_migration;
#[cfg(feature = "migrate")]
mod path;
#[cfg(feature = "migrate")]
mod project;
mod read_files;
#[cfg(feature = "cli")]
mod release_folder;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(feature = "cli")]
mod schema_dump_files;
#[cfg(feature = "cli")]
mod slow_statements;
#[cfg(feature = "cli")]
mod squash;
#[cfg(feature = "cli")]
mod statements;
#[cfg(feature = "migrate")]
mod stops;
#[cfg(feature = "migrate")]
mod version;

#[cfg(feature = "cli")]
pub use backport::{Backport, BackportError, BackportRequest, Moved};
#[cfg(feature = "cli")]
pub use change_set::{ChangeSet, write_all};
pub use check::{CheckError, validate};
#[cfg(feature = "cli")]
pub use check::{Checked, Checks, Finding, Label, Rule, Severity, Words};
#[cfg(feature = "cli")]
pub use code_search::search_code;
#[cfg(feature = "cli")]
pub use cut::{Cut, CutError, CutRequest, Repository};
#[cfg(feature = "migrate")]
pub use declared::Declared;
pub use embedded::{EmbeddedReleases, IntoReleases};
pub use error::ReleasesError;
pub use file_name::file_name;
pub use migration::{Body, Migration, Releases};
pub use migration_file::{FileKind, MigrationFile};
#[cfg(feature = "migrate")]
pub use orm_migration::OrmMigration;
#[cfg(feature = "migrate")]
pub use path::{PathError, StopError, odd_stops, path};
#[cfg(feature = "migrate")]
pub use project::{SETTINGS_FILE, read_settings, read_sql, read_template};
#[cfg(feature = "cli")]
pub use release_folder::folder_of;
#[cfg(feature = "cli")]
pub use schema_dump_files::{read_dump, read_dumps, write_dump};
#[cfg(feature = "cli")]
pub use squash::{Squash, SquashError};
#[cfg(feature = "migrate")]
pub use stops::{Stop, Why, stops, stops_between};
#[cfg(feature = "migrate")]
pub use version::{AppVersion, VersionError, VersionSource};
