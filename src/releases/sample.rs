//! Migrations for tests, as if they had been loaded from files.

use super::{Body, FileKind, Migration, file_name};
use crate::manifest::Checksum;
use crate::model::{Change, ChangeKind, ColumnPair, ColumnPath, Identifier, Release, Stage};

/// Parses a release; `None` if the text is empty.
pub(crate) fn release(text: &str) -> Option<Release> {
    (!text.is_empty()).then(|| text.parse().unwrap())
}

/// The three stages of a rename, with ids from `id` on, in the given releases.
pub(crate) fn rename(id: u64, column: &str, to: &str, releases: [&str; 3]) -> Vec<Migration> {
    let ColumnPath { table, column: from } = column.parse().unwrap();
    let name = format!("rename_{}_{from}_to_{to}", table.name).to_lowercase();
    let change = Change {
        name: name.parse().unwrap(),
        kind: ChangeKind::Rename(ColumnPair { table, from, to: Identifier::new(to).unwrap() }),
    };
    let mut id = id;
    Stage::ALL
        .into_iter()
        .zip(releases)
        .map(|(stage, at)| {
            let body = Body::Stage { change: change.clone(), stage };
            let migration = migration(id, &name, at, FileKind::Stage(stage), body);
            id += 1;
            migration
        })
        .collect()
}

/// A plain SQL migration, pre-deploy.
pub(crate) fn sql(id: u64, name: &str, at: &str) -> Migration {
    let kind = FileKind::Sql(crate::model::Deploy::Pre);
    migration(id, name, at, kind, Body::Sql { text: "SELECT 1".to_owned() })
}

fn migration(id: u64, slug: &str, at: &str, kind: FileKind, body: Body) -> Migration {
    let folder =
        if at.is_empty() { "unreleased".into() } else { format!("release_migrations/{at}") };
    let path = format!("{folder}/{}", file_name(id, slug, kind)).into();
    Migration {
        id,
        slug: slug.to_owned(),
        release: release(at),
        path,
        checksum: Checksum::of(format!("{id}").as_bytes()),
        deploy: kind.deploy().unwrap(),
        after: Vec::new(),
        body,
    }
}
