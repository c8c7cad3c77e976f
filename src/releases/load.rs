use std::collections::HashSet;

use super::{Body, CheckError, FileKind, Migration, MigrationFile, Releases, ReleasesError, check};
use crate::manifest::{Manifest, sql_after};
use crate::model::ChangeName;

impl Releases {
    /// Parses the files, and checks all that can be known from files (see
    /// [`validate`](super::validate)).
    ///
    /// `known` gives the recorded checksum of a migration that is done. A file with that checksum
    /// was understood when it ran, so it is not parsed again unless another stage of its change
    /// has yet to run. `&|_| None` has all of them parsed. With a history:
    /// `let known = history.known(); releases.load(&|id| known.get(&id).copied())`.
    ///
    /// # Errors
    /// A file is malformed, or the files do not fit together.
    pub fn load<'k>(
        &self,
        known: &dyn Fn(u64) -> Option<&'k str>,
    ) -> Result<Vec<Migration>, ReleasesError> {
        let is_known = |file: &MigrationFile| known(file.id) == Some(file.checksum.as_str());
        let files: Vec<_> = self.files.iter().map(|file| (file, is_known(file))).collect();
        let open: HashSet<&str> = files
            .iter()
            .filter(|(file, is_known)| file.kind.stage().is_some() && !is_known)
            .map(|(file, _)| file.slug.as_str())
            .collect();
        let mut migrations = Vec::with_capacity(files.len());
        for (file, is_known) in files {
            let (body, after) = if is_known && !open.contains(file.slug.as_str()) {
                (Body::Known { stage: file.kind.stage() }, Vec::new())
            } else {
                parse(file)?
            };
            migrations.push(migration(file, body, after));
        }
        check::validate(&migrations)?;
        Ok(migrations)
    }

    /// Everything that is wrong with the files, every one of them parsed; empty if nothing is.
    #[must_use]
    pub fn problems(&self) -> Vec<ReleasesError> {
        let mut problems = Vec::new();
        let mut migrations = Vec::new();
        for file in &self.files {
            let (body, after) = parse(file).unwrap_or_else(|error| {
                problems.push(error);
                (Body::Known { stage: file.kind.stage() }, Vec::new())
            });
            migrations.push(migration(file, body, after));
        }
        problems.extend(check::problems(&migrations).into_iter().map(ReleasesError::Check));
        problems
    }
}

/// What a file says that it does, and what has to be done before.
fn parse(file: &MigrationFile) -> Result<(Body, Vec<ChangeName>), ReleasesError> {
    let stage = match file.kind {
        FileKind::Stage(stage) => stage,
        FileKind::Sql(_) => {
            let after = sql_after(&file.path, &file.text)?;
            return Ok((Body::Sql { text: file.text.clone().into_owned() }, after));
        }
    };
    let manifest = Manifest::parse(&file.path, &file.text)?;
    let differs = |key, name: String, content: String| CheckError::FileName {
        path: file.path.clone(),
        key,
        name,
        content,
    };
    if manifest.id != file.id {
        return Err(differs("id", file.id.to_string(), manifest.id.to_string()).into());
    }
    if manifest.change.as_str() != file.slug {
        return Err(differs("change", file.slug.clone(), manifest.change.into()).into());
    }
    if manifest.stage != stage {
        return Err(differs("stage", stage.to_string(), manifest.stage.to_string()).into());
    }
    Ok((Body::Stage { change: manifest.change(), stage }, manifest.after))
}

fn migration(file: &MigrationFile, body: Body, after: Vec<ChangeName>) -> Migration {
    Migration {
        id: file.id,
        slug: file.slug.clone(),
        release: file.release.clone(),
        path: file.path.clone(),
        checksum: file.checksum.clone(),
        deploy: file.kind.deploy(),
        after,
        body,
    }
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
    fn a_name_that_differs_from_the_content_is_an_error() {
        for (name, instead, expect) in [
            ("id: 20261121093000", "id: 20261121093009", "`20261121093009` for `id`"),
            ("change: rename_users", "change: rename_user", "for `change`"),
            (
                "stage: expand\ndeploy: pre",
                "stage: backfill\ndeploy: post",
                "`backfill` for `stage`",
            ),
        ] {
            let mut releases = example();
            let text = releases.files[0].text.replace(name, instead);
            releases.files[0].text = text.into();
            let error = releases.load(&|_| None).unwrap_err();
            assert!(error.hint().is_some());
            let error = error.to_string();
            assert!(error.contains(expect), "{error}");
        }
    }
}
