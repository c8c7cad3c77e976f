//! Parses the migration files.

use std::collections::HashSet;
use std::path::PathBuf;

use super::file_name::EXPECTED;
use super::read_files::stray;
use super::{Body, CheckError, FileKind, Migration, MigrationFile, Releases, ReleasesError, check};
use crate::manifest::{Manifest, Slot, StageName, sql_after};
use crate::model::{Change, ChangeName, Release};

impl Releases {
    /// Parses the files, and checks all that can be known from files (see
    /// [`validate`](super::validate)).
    ///
    /// `applied` returns the recorded checksum of a migration that is done. A file with that checksum
    /// was parsed when it ran, so it is not parsed again unless another stage of its change has yet
    /// to run. With a history: `releases.load(&history.applied_checksums())`; to parse all files:
    /// `releases.load(&|_| None)`.
    ///
    /// # Errors
    /// A file is malformed, or the files do not fit together.
    pub fn load<'k>(
        &self,
        applied: &dyn Fn(u64) -> Option<&'k str>,
    ) -> Result<Vec<Migration>, ReleasesError> {
        let has_run = |file: &MigrationFile| applied(file.id) == Some(file.checksum.as_str());
        // Slots are not recorded in databases, and nothing runs for them.
        let files = self.files.iter().filter(|file| file.kind != FileKind::Slot);
        let files: Vec<_> = files.map(|file| (file, has_run(file))).collect();
        let open: HashSet<&str> = files
            .iter()
            .filter(|(file, has_run)| file.kind.stage().is_some() && !has_run)
            .map(|(file, _)| file.slug.as_str())
            .collect();
        let mut migrations = Vec::with_capacity(files.len());
        for (file, has_run) in files {
            let said = if has_run
                && !matches!(file.kind, FileKind::Rust(_))
                && !open.contains(file.slug.as_str())
            {
                Some((Body::Unparsed { stage: file.kind.stage() }, Vec::new()))
            } else {
                parse(file)?
            };
            migrations.extend(said.and_then(|(body, after)| migration(file, body, after)));
        }
        check::validate(&migrations)?;
        Ok(migrations)
    }

    /// Parses every file, and returns everything that is wrong with them.
    #[must_use]
    pub fn problems(&self) -> Vec<ReleasesError> {
        self.understand().1
    }

    /// Parses every file. Returns the migrations, as far as they could be parsed, and the errors.
    pub(super) fn understand(&self) -> (Vec<Migration>, Vec<ReleasesError>) {
        let mut problems = Vec::new();
        let mut migrations = Vec::new();
        for file in self.files.iter().filter(|file| file.kind != FileKind::Slot) {
            let said = parse(file).unwrap_or_else(|error| {
                problems.push(error);
                Some((Body::Unparsed { stage: file.kind.stage() }, Vec::new()))
            });
            migrations.extend(said.and_then(|(body, after)| migration(file, body, after)));
        }
        let (slots, wrong) = self.read_slots();
        problems.extend(wrong);
        let found = check::problems(&migrations).into_iter();
        let found = found.chain(check::slot_problems(&slots, &migrations));
        problems.extend(found.map(ReleasesError::Check));
        (migrations, problems)
    }

    /// For each slot, taken or not, the release that keeps it.
    #[must_use]
    pub fn slot_releases(&self) -> Vec<Release> {
        let slots = self.files.iter().filter(|file| file.kind == FileKind::Slot);
        slots.filter_map(|file| file.release.clone()).collect()
    }

    /// The slots, by release and id.
    ///
    /// # Errors
    /// The file of a slot is malformed, or says something else than its name and folder.
    pub fn slots(&self) -> Result<Vec<(PathBuf, Slot)>, ReleasesError> {
        let (slots, wrong) = self.read_slots();
        wrong.into_iter().next().map_or(Ok(slots), Err)
    }

    pub(super) fn read_slots(&self) -> (Vec<(PathBuf, Slot)>, Vec<ReleasesError>) {
        let (mut slots, mut wrong) = (Vec::new(), Vec::new());
        for file in self.files.iter().filter(|file| file.kind == FileKind::Slot) {
            match slot(file) {
                Ok(slot) => slots.push((file.path.clone(), slot)),
                Err(error) => wrong.push(error),
            }
        }
        (slots, wrong)
    }
}

fn slot(file: &MigrationFile) -> Result<Slot, ReleasesError> {
    let path = || file.path.clone();
    let slot = Slot::parse(&file.path, &file.text)?;
    if slot.id != file.id {
        let (name, content) = (file.id.to_string(), slot.id.to_string());
        return Err(CheckError::FileName { path: path(), key: "id", name, content }.into());
    }
    match &file.release {
        Some(release) if *release == slot.release => Ok(slot),
        Some(release) => Err(CheckError::SlotRelease {
            path: path(),
            folder: release.clone(),
            slot: slot.release,
        }
        .into()),
        None => Err(CheckError::SlotUnreleased { path: path() }.into()),
    }
}

type Said = (Body, Vec<ChangeName>);

/// Parses the body of a file and its `after`; `None` if it is a slot.
fn parse(file: &MigrationFile) -> Result<Option<Said>, ReleasesError> {
    let stage = match file.kind {
        FileKind::Stage(stage) => stage,
        FileKind::Sql(_) => {
            let after = sql_after(&file.path, &file.text)?;
            return Ok(Some((Body::Sql { text: file.text.clone().into_owned() }, after)));
        }
        FileKind::Rust(_) => {
            return Ok(Some((Body::Rust, sql_after(&file.path, &file.text)?)));
        }
        FileKind::Slot => return Ok(None),
    };
    let change = file.slug.parse().map_err(|_| stray(file.path.clone(), EXPECTED))?;
    let name = StageName { id: file.id, change, stage };
    let manifest = Manifest::parse(&file.path, &name, &file.text)?;
    let change = Change { name: name.change, kind: manifest.kind };
    Ok(Some((Body::Stage { change, stage }, manifest.after)))
}

/// Builds a migration from a file; `None` if it is a slot.
fn migration(file: &MigrationFile, body: Body, after: Vec<ChangeName>) -> Option<Migration> {
    Some(Migration {
        id: file.id,
        slug: file.slug.clone(),
        release: file.release.clone(),
        path: file.path.clone(),
        checksum: file.checksum,
        deploy: file.kind.deploy()?,
        after,
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Folders;

    fn example() -> Releases {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        Releases::discover(root, &Folders::default()).unwrap()
    }

    #[test]
    fn the_worked_example_is_sound() {
        let releases = example();
        assert!(releases.problems().is_empty());
        let migrations = releases.load(&|_| None).unwrap();
        assert_eq!(migrations.len(), 3);
        assert!(migrations.iter().all(|migration| migration.change().is_some()));
    }

    #[test]
    fn a_change_that_is_done_is_not_parsed_again() {
        let mut releases = example();
        for file in &mut releases.files {
            file.text = "not YAML: [".into();
        }
        let files = releases.files().to_vec();
        let known = |id| files.iter().find(|file| file.id == id).map(|file| file.checksum.as_str());
        let migrations = releases.load(&known).unwrap();
        assert!(migrations.iter().all(|migration| migration.change().is_none()));
        let all_but_the_last = |id| known(id).filter(|_| id % 10 != 2);
        let error = releases.load(&all_but_the_last).unwrap_err().to_string();
        assert!(error.contains("/9.0.0/") && error.contains(".expand.yml:1:"), "{error}");
    }

    #[test]
    fn what_disagrees_with_the_name_of_the_file_is_an_error() {
        for (key, expect) in [
            ("id: 20261121093009", "`id` is `20261121093009`, but the name of the file says"),
            ("change: rename_user", "`change` is `rename_user`, but the name of the file says"),
            ("stage: backfill", "`stage` is `backfill`, but the name of the file says `expand`"),
        ] {
            let mut releases = example();
            let text = format!("{key}\n{}", releases.files[0].text);
            releases.files[0].text = text.into();
            let error = releases.load(&|_| None).unwrap_err();
            assert!(error.hint().is_some());
            let error = error.to_string();
            assert!(error.contains(expect), "{error}");
        }
    }
}
