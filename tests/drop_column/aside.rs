//! The name under which the values are kept: nobody else may take it before they have been deleted.

use super::{at, generate, project, state};
use crate::support::project::{Db, Project};

const MIGRATE: [&str; 3] = ["db", "migrate", "--offline"];

/// Generates a rename of another column to the name that the dropped one is kept under.
fn rename(project: &Project, release: &str, status: i32) -> String {
    let rename = ["gen", "rename", "users.email", "nickname_dropped", "--release", release];
    project.handover(&rename).expect_status(status).to_string()
}

/// Writes such a rename by hand.
fn write_rename(project: &Project, releases: [&str; 3]) {
    let text = "rename: { table: users, from: email, to: nickname_dropped }\n";
    for (number, (release, stage)) in
        releases.into_iter().zip(["expand", "backfill", "contract"]).enumerate()
    {
        let file = format!("2027112109300{number}_take_the_name.{stage}.yml");
        project.write(&format!("release_migrations/{release}/{file}"), text);
    }
}

#[test]
fn drop_keeps_the_second_name_until_the_purge_in_the_files() {
    let project = Project::new(Db::Sqlite);
    generate(&project);
    for release in ["9.0.2", "9.1.0"] {
        let refused = rename(&project, release, 2);
        assert!(
            refused.contains("users.nickname, dropped by way of nickname_dropped"),
            "{refused}"
        );
        assert!(refused.contains("in a later release than the other's purge"), "{refused}");
    }
    rename(&project, "9.1.1", 0);
    let project = Project::new(Db::Sqlite);
    generate(&project);
    write_rename(&project, ["9.0.2", "9.0.2", "9.0.3"]);
    let found = project.handover(&["check"]).expect_status(2);
    assert!(found.to_string().contains("the other's purge"), "{found}");
    // The first name is free once the column has been put aside.
    let project = Project::new(Db::Sqlite);
    generate(&project);
    let free = ["gen", "rename", "users.email", "nickname", "--release", "9.0.2"];
    let _ = project.handover(&free).expect_status(0);
}

/// So it is when the first stages have run.
#[test]
fn drop_keeps_the_second_name_until_the_purge_in_the_database() {
    for db in Db::ALL {
        let project = project(db);
        at(&project, "9.0.0", &MIGRATE, 0);
        at(&project, "9.0.1", &MIGRATE, 0);
        write_rename(&project, ["9.0.2", "9.0.2", "9.0.3"]);
        for command in [&["db", "plan"][..], &MIGRATE] {
            let refused = at(&project, "9.0.2", command, 2);
            assert!(refused.contains("in a later release than the other's purge"), "{refused}");
        }
        assert_eq!(state(&project), "contracted");
    }
}

#[test]
fn drop_is_purged_before_a_later_change_takes_its_second_name() {
    for db in Db::ALL {
        let project = project(db);
        at(&project, "9.0.0", &MIGRATE, 0);
        at(&project, "9.0.1", &MIGRATE, 0);
        write_rename(&project, ["9.2.0", "9.2.0", "9.2.1"]);
        let refused = at(&project, "9.2.0", &["db", "migrate", "--pre"], 3);
        assert!(refused.contains("has finished its purge of release 9.1.0"), "{refused}");
        at(&project, "9.1.0", &MIGRATE, 0);
        at(&project, "9.2.0", &MIGRATE, 0);
        assert_eq!(project.query("SELECT nickname_dropped FROM users ORDER BY id"), ["a@x", "b@x"]);
    }
}

/// Stages that differ in nothing but the second name are told apart by it.
#[test]
fn drop_stages_that_disagree_on_the_second_name() {
    let project = Project::new(Db::Sqlite);
    generate(&project);
    let folder = project.root().join("release_migrations/9.1.0");
    let file = std::fs::read_dir(&folder).unwrap().flatten().next().unwrap().path();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("nickname_dropped", "nickname_gone")).unwrap();
    let found = project.handover(&["check"]).expect_status(2).to_string();
    assert!(found.contains("says users.nickname, dropped by way of nickname_dropped"), "{found}");
    assert!(found.contains("says users.nickname, dropped by way of nickname_gone"), "{found}");
}
