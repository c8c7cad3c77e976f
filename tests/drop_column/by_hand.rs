//! Somebody drops the column by hand, in the middle of it.

use super::{at, project, state};
use crate::support::project::each_database;

const MIGRATE: [&str; 3] = ["db", "migrate", "--offline"];

/// Takes away what hangs on the column, then the column.
fn drop_by_hand(project: &crate::support::project::Project, column: &str) {
    if project.db == crate::support::project::Db::Sqlite {
        project.sql("DROP INDEX by_nickname");
    }
    project.sql(&format!("ALTER TABLE users DROP COLUMN {column}"));
}

#[test]
fn drop_of_a_column_that_is_gone_says_so() {
    each_database(|given| {
        let project = project(given.db);
        at(&project, "9.0.0", &MIGRATE, 0);
        drop_by_hand(&project, "nickname");
        for command in [&["db", "plan"][..], &MIGRATE, &["db", "rollback"]] {
            let refused = at(&project, "9.0.1", command, 3);
            assert!(refused.contains("`users.nickname` is gone"), "{command:?} {refused}");
            assert!(refused.contains("restore it from a backup"), "{refused}");
        }
        project.sql("ALTER TABLE users ADD COLUMN nickname varchar(40)");
        at(&project, "9.0.1", &MIGRATE, 0);
        assert_eq!(state(&project), "contracted");
    });
}

/// What the purge was to delete is gone: nothing is left to do.
#[test]
fn drop_is_purged_if_the_values_are_gone() {
    each_database(|given| {
        let project = project(given.db);
        at(&project, "9.0.0", &MIGRATE, 0);
        at(&project, "9.0.1", &MIGRATE, 0);
        drop_by_hand(&project, "nickname_dropped");
        let refused = at(&project, "9.0.1", &["db", "rollback"], 3);
        assert!(refused.contains("`users.nickname` is gone"), "{refused}");
        let plan = at(&project, "9.1.0", &["db", "plan"], 0);
        assert!(plan.contains("is gone already: nothing is left to delete"), "{plan}");
        at(&project, "9.1.0", &MIGRATE, 0);
        assert_eq!(state(&project), "purged");
        at(&project, "9.1.0", &["db", "verify"], 0);
    });
}
