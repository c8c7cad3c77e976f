//! Migrations without files: Rust functions of the app.

use std::path::PathBuf;

use super::{FileKind, MigrationFile, Releases, file_name};
use crate::manifest::Checksum;
use crate::model::{ChangeName, Deploy, Release};

/// A migration that has no file: a Rust function of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: ChangeName,
    /// The release that it is for.
    pub release: Release,
    /// Its time: before or after the release's code is rolled out.
    pub deploy: Deploy,
    /// The migrations that have to be done before.
    pub after: Vec<ChangeName>,
}

impl Releases {
    /// Adds a Rust function to the migrations, which stay ordered by release and id.
    pub fn declare(&mut self, declared: &Declared) {
        let Declared { id, name, release, deploy, after } = declared;
        let kind = FileKind::Rust(*deploy);
        let after: Vec<&str> = after.iter().map(ChangeName::as_str).collect();
        let text = match after.as_slice() {
            [] => String::new(),
            after => format!("-- after: {}\n", after.join(", ")),
        };
        self.files.push(MigrationFile {
            id: *id,
            slug: name.to_string(),
            kind,
            release: Some(release.clone()),
            path: PathBuf::from(format!(
                "(Rust) {release}/{}",
                file_name(*id, name.as_str(), kind)
            )),
            checksum: Checksum::of(RUST),
            text: text.into(),
        });
        let files = std::mem::take(&mut self.files);
        *self = Self::sorted(files);
    }

    /// Returns true if a recorded checksum is the one that every Rust function has: the code of a
    /// function cannot be read here.
    #[must_use]
    pub fn is_of_function(checksum: &str) -> bool {
        Checksum::of(RUST).as_str() == checksum
    }
}

/// The text that stands for the code of a function.
const RUST: &[u8] = b"a Rust function";
