//! The stage files of a change, as texts for their release folders.

use std::path::PathBuf;

use super::{Advice, Context, GeneratorError};
use crate::manifest::{Checksum, StageName};
use crate::model::{Change, Release, Stage};
use crate::releases::{Body, FileKind, Migration, file_name, validate};

/// A generated change; nothing has been written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The change.
    pub change: Change,
    /// The files, relative to the project's root, with their content; for
    /// [`write_all`](crate::releases::write_all).
    pub files: Vec<(PathBuf, String)>,
    /// The unreleased files that they replace: those of the same rename by the other way.
    pub replaced: Vec<PathBuf>,
    /// The changes to make in the code, and when.
    pub advice: Advice,
}

/// Makes the file of each stage, in the release that `release` gives for it (`None`: `unreleased/`), and
/// checks that they fit with `others`, the migrations of the project.
///
/// # Errors
/// Another change uses the column, or a template is broken.
pub(super) fn stage_files(
    context: &Context<'_>,
    change: &Change,
    others: Vec<Migration>,
    now: u64,
    release: impl Fn(Stage) -> Option<Release>,
) -> Result<Vec<(PathBuf, String)>, GeneratorError> {
    let mut all = others;
    let stages: Vec<Stage> = change.course().stages().collect();
    let mut files = Vec::with_capacity(stages.len());
    let first = context.free_id(now, stages.len());
    for (stage, id) in stages.into_iter().zip(first..) {
        let release = release(stage);
        let (path, text) = file(context, change, stage, id, release.as_ref())?;
        all.push(Migration {
            id,
            slug: change.name.to_string(),
            release,
            path: path.clone(),
            checksum: Checksum::of(text.as_bytes()),
            deploy: stage.deploy(),
            after: Vec::new(),
            body: Body::Stage { change: change.clone(), stage },
        });
        files.push((path, text));
    }
    validate(&all).map_err(|source| GeneratorError::Files {
        change: change.kind.to_string(),
        source: Box::new(source),
    })?;
    Ok(files)
}

fn file(
    context: &Context<'_>,
    change: &Change,
    stage: Stage,
    id: u64,
    release: Option<&Release>,
) -> Result<(PathBuf, String), GeneratorError> {
    let name = StageName { id, change: change.name.clone(), stage };
    let text = context.templates.render(&name, &change.kind, release)?;
    let name = file_name(id, change.name.as_str(), FileKind::Stage(stage));
    Ok((context.folder(release).join(name), text))
}
