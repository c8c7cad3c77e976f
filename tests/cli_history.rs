//! The files and what has run of them have to agree.

use std::fmt::Write as _;

use insta::allow_duplicates;

use crate::support::project::{Project, each_database};
use crate::support::spoil::{BACKFILL, CONTRACT, EXPAND, edit, remove, said};
use crate::support::traces::USERS;

fn ran(project: &Project) {
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
}

#[test]
fn files_that_ran_may_not_change() {
    let said = said(
        &["db", "migrate"],
        &[
            ("edited", &|at| {
                ran(at);
                edit(at, EXPAND, "# Expand", "# The first stage");
            }),
            ("deleted", &|at| {
                at.write("release_migrations/9.0.0/7_index.sql", "SELECT 1");
                ran(at);
                remove(at, "release_migrations/9.0.0/7_index.sql");
            }),
            ("stage deleted", &|at| {
                ran(at);
                remove(at, EXPAND);
            }),
            ("change deleted", &|at| {
                ran(at);
                for path in [EXPAND, BACKFILL, CONTRACT] {
                    remove(at, path);
                }
            }),
            ("other column", &|at| {
                ran(at);
                edit(at, CONTRACT, "to: handle", "to: nick");
            }),
        ],
    );
    insta::assert_snapshot!(said, @r"
    ## edited
    --- stderr ---
    error: `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml` has changed since it ran (recorded checksum `7c2ffb9d2d558a6589aea4acf788b376965ebaa5236c59822176920a1466668c`, found `9e0ab33f2d8ae145fbef23ee1d113051ce5e0b836b91626e9fbb61ed860502ee`)
    hint: restore it: `git checkout -- release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml`
    [exit 2]
    ## deleted
    --- stderr ---
    error: migration `7_index` of release 9.0.0 ran, but its file is gone
    hint: restore the file from version control, then run `handover check`
    [exit 2]
    ## stage deleted
    --- stderr ---
    error: change `rename_users_username_to_handle` has no stage `expand`, though it has `release_migrations/9.0.0/20261121093001_rename_users_username_to_handle.backfill.yml`
    hint: restore the file of stage `expand`, then run `handover check`
    [exit 2]
    ## change deleted
    --- stderr ---
    error: migration `20261121093000_rename_users_username_to_handle` of release 9.0.0 ran, but its file is gone
    hint: restore the file from version control, then run `handover check`
    [exit 2]
    ## other column
    --- stderr ---
    error: the stages of change `rename_users_username_to_handle` disagree: `release_migrations/9.0.0/20261121093001_rename_users_username_to_handle.backfill.yml` says users.username -> handle, `release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml` says users.username -> nick
    hint: correct the files, then run `handover check`
    [exit 2]
    ");
}

#[test]
fn a_first_stage_that_cannot_begin_leaves_nothing_and_may_be_corrected() {
    allow_duplicates!(each_database(|project| {
        project.sql(USERS);
        project.sql("ALTER TABLE users ADD COLUMN handle text");
        project.add_worked_example();
        project.version("9.0.0");
        let users = project.dump("users");
        let mut text = String::new();
        let mut instead = |what: &str, with: &str| {
            for path in [EXPAND, BACKFILL, CONTRACT] {
                edit(project, path, what, with);
            }
            let output = project.handover(&["db", "migrate"]).expect_status(3);
            writeln!(text, "{output}").unwrap();
            assert_eq!(project.dump("users"), users);
            let _ = project.handover(&["db", "rollback"]).expect_status(2);
        };
        instead("table: users", "table: members");
        instead("table: members, from: username", "table: users, from: name");
        instead("from: name", "from: username");
        insta::assert_snapshot!(text, @r"
        --- stderr ---
        expand of rename_users_username_to_handle (9.0.0)
        refused: stage `expand` of change `rename_users_username_to_handle` (release 9.0.0) cannot run: there is no table `members`
        hint: check the table and column in the migration file against the database
        [exit 3]
        --- stderr ---
        expand of rename_users_username_to_handle (9.0.0)
        refused: stage `expand` of change `rename_users_username_to_handle` (release 9.0.0) cannot run: table `users` has no column `name`
        hint: check the table and column in the migration file against the database
        [exit 3]
        --- stderr ---
        expand of rename_users_username_to_handle (9.0.0)
        refused: stage `expand` of change `rename_users_username_to_handle` (release 9.0.0) cannot run: table `users` already has a column `handle`
        hint: look at what `handle` is; if nothing uses it, drop it by hand and run `handover db migrate` again
        [exit 3]
        ");
        for path in [EXPAND, BACKFILL, CONTRACT] {
            edit(project, path, "to: handle", "to: nick");
        }
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert!(project.dump("users").contains(&format!("nick {}", project.db.text())));
    }));
}
