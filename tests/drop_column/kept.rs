//! The values are kept for at least one release, also if an upgrade goes past several of them.

use super::{at, project, state};
use crate::support::project::{Db, each_database};

const MIGRATE: [&str; 3] = ["db", "migrate", "--offline"];

#[test]
fn drop_keeps_the_values_in_an_upgrade_past_its_releases() {
    each_database(|given| {
        let project = project(given.db);
        let plan = at(&project, "9.2.0", &["db", "plan", "--offline"], 0);
        let later = plan.split("later").nth(1).unwrap();
        assert!(later.contains("purge") && later.contains("the app's next release"), "{plan}");
        let said = at(&project, "9.2.0", &MIGRATE, 0);
        assert!(said.contains("`handover db rollback` gives it back"), "{said}");
        assert!(said.contains("--allow purge"), "{said}");
        assert!(!said.contains("You may now roll out 9.0.0"), "{said}");
        assert_eq!(state(&project), "contracted");
        // Neither does the next run of the same release delete them, nor is anything refused.
        let said = at(&project, "9.2.0", &MIGRATE, 0);
        assert!(said.contains("nothing to do"), "{said}");
        assert_eq!(project.query("SELECT nickname_dropped FROM users ORDER BY id"), ["ada", "bob"]);
        at(&project, "9.2.0", &["db", "rollback"], 0);
        assert_eq!(project.query("SELECT nickname FROM users ORDER BY id"), ["ada", "bob"]);
        at(&project, "9.2.0", &MIGRATE, 0);
        at(&project, "9.2.1", &MIGRATE, 0);
        assert_eq!(state(&project), "purged");
    });
}

#[test]
fn drop_deletes_the_values_at_once_if_the_user_says_so() {
    for db in Db::ALL {
        let project = project(db);
        let plan = at(&project, "9.2.0", &["db", "plan", "--offline", "--allow", "purge"], 0);
        assert!(plan.contains("are deleted, which cannot be undone"), "{plan}");
        let said = at(&project, "9.2.0", &["db", "migrate", "--offline", "--allow", "purge"], 0);
        assert!(!said.contains("gives it back"), "{said}");
        assert!(said.contains("`users.nickname_dropped` is gone"), "{said}");
        assert_eq!(state(&project), "purged");
    }
}
