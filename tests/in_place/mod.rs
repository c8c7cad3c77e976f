//! A rename of the column itself: there and back, in every state, and under traffic.

mod files;
#[cfg(feature = "failpoints")]
mod kill;
mod life;
mod refused;
mod rewritten;
mod traffic;

use crate::support::app;
use crate::support::project::{Db, Project};

/// A project whose `users.username` is to be renamed in place: both stages are in 9.0.0, so that
/// `--pre` announces the name and the command without it renames the column.
fn project(db: Db) -> Project {
    let project = Project::new(db);
    project.sql(app::users(db));
    project.sql(&app::tables(db));
    generate(&project);
    project
}

/// Generates the rename of `users.username` in one release.
fn generate(project: &Project) {
    let _ = project
        .handover(&[
            "gen",
            "rename",
            "users.username",
            "handle",
            "--in-place",
            "--release",
            "9.0.0",
            "--contract-release",
            "9.0.0",
        ])
        .expect_status(0);
    project.version("9.0.0");
}
