//! Tables of every shape, through the whole life of a rename and back.

mod batches;
mod keys_and_indexes;
mod mariadb;
mod names;
mod postgres;
mod sqlite;

use regex::Regex;

use crate::support::project::{Db, Project, each_database};
use crate::support::rename::{Rename, USERS, state};

/// Forth and back, with what must hold at each state.
pub fn live(project: &Project, rename: Rename<'_>, table: &str) {
    live_with(project, rename, table, &[]);
}

fn live_with(project: &Project, rename: Rename<'_>, table: &str, options: &[&str]) {
    project.sql(table);
    rename.write(project);
    let original = rename.dump(project);
    let migrate = |version: &str, phase: &str| {
        project.version(version);
        let arguments = [&["db", "migrate", "--offline", phase], options].concat();
        project.handover(&arguments).expect_status(0)
    };
    let _ = migrate("9.0.0", "--pre");
    assert_eq!(state(project), "dual_write");
    let _ = migrate("9.0.0", "--post");
    assert_eq!(state(project), "read_to");
    rename.expect_equal(project);
    let _ = migrate("9.0.1", "--post");
    assert_eq!(state(project), "contracted");
    let contracted = rename.dump(project);

    let _ = project.handover(&["db", "rollback"]).expect_status(0);
    assert_eq!(state(project), "read_to");
    rename.expect_equal(project);
    let _ = project.handover(&["db", "rollback"]).expect_status(0);
    assert_eq!(state(project), "dual_write");
    rename.expect_equal(project);
    let _ = project.handover(&["db", "rollback"]).expect_status(0);
    assert_eq!(state(project), "pending");
    assert_eq!(rename.dump(project), original);

    rename.plainly(project);
    assert_eq!(nameless(project, &contracted), nameless(project, &rename.dump(project)));
}

/// A dump without the names of indexes, which are the rename's own affair on PostgreSQL.
fn nameless(project: &Project, dump: &str) -> Vec<String> {
    let name = r#"("([^"]|"")+"|\S+)"#;
    let index = Regex::new(&format!("(?m)^  CREATE (UNIQUE )?INDEX {name} ON")).unwrap();
    let constraint = Regex::new("(?m)^  constraint .* UNIQUE").unwrap();
    let mut text = dump.to_owned();
    if project.db == Db::Postgres {
        text = index.replace_all(&text, "  CREATE ${1}INDEX ON").into_owned();
        text = constraint.replace_all(&text, "  constraint UNIQUE").into_owned();
    }
    if project.db == Db::Mariadb {
        let index = Regex::new(r"(?m)^  (unique )?index .* \(").unwrap();
        text = index.replace_all(&text, "  ${1}index (").into_owned();
    }
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// The same table on each database.
fn on_each(table: &str) {
    each_database(|project| live(project, USERS, table));
}

fn on(db: Db, table: &str) {
    live(&Project::new(db), USERS, table);
}
