//! There and back, with what the command says.

use super::{at, project, state};
use crate::support::project::{Db, Project, each_database};

const MIGRATE: [&str; 3] = ["db", "migrate", "--offline"];

fn values(project: &Project, column: &str) -> Vec<String> {
    project.query(&format!("SELECT coalesce({column}, 'nothing') FROM users ORDER BY id"))
}

#[test]
fn drop_there_and_back() {
    each_database(|given| {
        let project = project(given.db);
        let before = project.dump("users");
        let verify = || at(&project, "9.0.1", &["db", "verify"], 0);
        for _ in 0..2 {
            let said = at(&project, "9.0.0", &MIGRATE, 0);
            assert!(said.contains("You may now roll out 9.0.0"), "{said}");
            assert_eq!(state(&project), "ignored");
            verify();
            let said = at(&project, "9.0.1", &MIGRATE, 0);
            assert!(said.contains("`handover db rollback` gives it back"), "{said}");
            assert_eq!(state(&project), "contracted");
            assert_eq!(values(&project, "nickname_dropped"), ["ada", "bob"]);
            verify();
            at(&project, "9.0.1", &["db", "rollback"], 0);
            assert_eq!(state(&project), "ignored");
            assert_eq!(values(&project, "nickname"), ["ada", "bob"]);
            at(&project, "9.0.1", &["db", "rollback"], 0);
            assert_eq!(state(&project), "pending");
            assert_eq!(project.dump("users"), before);
        }
        at(&project, "9.0.1", &MIGRATE, 0);
        let said = at(&project, "9.1.0", &["db", "plan"], 0);
        assert!(said.contains("cannot be undone"), "{said}");
        at(&project, "9.1.0", &MIGRATE, 0);
        assert_eq!(state(&project), "purged");
        verify();
        let after = project.dump("users");
        assert!(!after.contains("nickname") && after.contains("a@x"), "{after}");
        let said = at(&project, "9.1.0", &["db", "rollback"], 2);
        assert!(said.contains("cannot be undone: it has deleted the values"), "{said}");
        assert!(at(&project, "9.1.0", &MIGRATE, 0).contains("nothing to do"));
    });
}

/// A row that was inserted without the column has no value to go back to.
#[test]
fn drop_is_not_undone_over_rows_without_a_value() {
    each_database(|given| {
        let project = project(given.db);
        let before = project.dump("users");
        at(&project, "9.0.0", &MIGRATE, 0);
        project.sql("INSERT INTO users (email) VALUES ('c@x')");
        let said = at(&project, "9.0.0", &["db", "rollback"], 3);
        assert!(said.contains("1 rows have no value in it"), "{said}");
        assert!(said.contains("SET"), "{said}");
        project.sql("DELETE FROM users WHERE nickname IS NULL");
        at(&project, "9.0.0", &["db", "rollback"], 0);
        assert_eq!(state(&project), "pending");
        assert_eq!(shape(&project), shape_of(&before));
    });
}

/// A dump without the numbers that a row without a value has used up.
fn shape(project: &Project) -> Vec<String> {
    shape_of(&project.dump("users"))
}

fn shape_of(dump: &str) -> Vec<String> {
    let counts = ["auto_increment", "sqlite_sequence", "last_value", "seq"];
    let is_count = |line: &&str| counts.iter().any(|word| line.to_lowercase().contains(word));
    dump.lines().filter(|line| !is_count(line)).map(str::to_owned).collect()
}

/// A column that an insert can leave out already stays as it is.
#[test]
fn drop_leaves_a_column_with_a_default_as_it_is() {
    each_database(|given| {
        let project = Project::new(given.db);
        project.sql(
            "CREATE TABLE users (id integer PRIMARY KEY, nickname varchar(9) DEFAULT 'x' NOT NULL)",
        );
        super::generate(&project);
        let before = project.dump("users");
        at(&project, "9.0.0", &MIGRATE, 0);
        assert_eq!(project.dump("users"), before);
        project.sql("INSERT INTO users (id) VALUES (1)");
        assert_eq!(values(&project, "nickname"), ["x"]);
    });
}

/// A database whose history begins after the drop has no column of either name.
#[test]
fn drop_is_over_in_a_new_database() {
    for db in Db::ALL {
        let project = Project::bare(db);
        super::generate(&project);
        project.sql("CREATE TABLE users (id integer PRIMARY KEY, email text)");
        at(&project, "9.0.1", &["db", "init", "--baseline", "9.0.1"], 0);
        assert_eq!(state(&project), "purged");
        assert!(at(&project, "9.1.0", &MIGRATE, 0).contains("nothing to do"));
        at(&project, "9.1.0", &["db", "verify"], 0);
    }
}
