//! A schema dump lists the files that it was made with. They stay as they were.

use std::fmt::Write as _;
use std::fs;

use sha2::{Digest as _, Sha256};

use super::{check, example, problem};
use crate::support::project::Project;
use crate::support::spoil::{BACKFILL, EXPAND, edit};

/// The file that a dump lists and the project does not have.
const GONE: &str = "-- migration 7 8.0.0";

/// A schema dump with the files of 9.0.0, and one of 8.0.0 that is gone.
fn dump(project: &Project) -> String {
    let mut text =
        String::from("-- handover schema dump, format 1, sqlite\n-- at release 9.0.0\n\n");
    let mut line = |id: &str, release: &str, bytes: &[u8], file: &str| {
        let checksum = base16ct::lower::encode_string(&Sha256::digest(bytes));
        writeln!(text, "-- migration {id} {release} sha256:{checksum} {file}").unwrap();
    };
    line("7", "8.0.0", b"SELECT 1", "gone.sql");
    for path in [EXPAND, BACKFILL] {
        let bytes = fs::read(project.root().join(path)).unwrap();
        let (id, file) = path.rsplit('/').next().unwrap().split_once('_').unwrap();
        line(id, "9.0.0", &bytes, file);
    }
    text
}

/// Adds a file to 8.0.0, whose schema was dumped without it.
fn add_to_a_dumped_release(project: &Project) {
    project.write("schema.sqlite.sql", &dump(project).replace(GONE, "-- migration 8 8.0.0"));
    project.write("handover.yml", "minimum_version: 8.0.0");
    project.write("release_migrations/8.0.0/7_late.sql", "SELECT 1");
}

#[test]
fn a_file_may_go_when_every_database_has_run_it() {
    let project = example("9.0.0");
    project.write("schema.sqlite.sql", &dump(&project));
    project.write("handover.yml", "minimum_version: 8.0.0");
    insta::assert_snapshot!(check(&project, &[]), @r"
    3 migration files, no problem
    [exit 0]
    ");
}

#[test]
fn a_file_may_not_go_while_a_database_may_need_it() {
    let project = example("9.0.0");
    project.write("schema.sqlite.sql", &dump(&project));
    project.write("handover.yml", "minimum_version: 7.0.0");
    insta::assert_snapshot!(problem(&project, &[]), @r"
    problem: `7_gone.sql` of 8.0.0 is in `schema.sqlite.sql`, but its file is gone, and a database of an earlier release still has to run it
    hint: restore the file from version control; `handover release squash` removes what no database needs any more
    ");
}

#[test]
fn two_dumps_that_list_a_missing_file_are_one_problem() {
    let project = example("9.0.0");
    let dump = dump(&project);
    project.write("schema.sqlite.sql", &dump);
    project.write("schema.postgres.sql", &dump.replace("1, sqlite", "1, postgres"));
    insta::assert_snapshot!(problem(&project, &[]), @r"
    problem: `7_gone.sql` of 8.0.0 is in `schema.sqlite.sql`, but its file is gone, and a database of an earlier release still has to run it
    hint: restore the file from version control; `handover release squash` removes what no database needs any more
    ");
}

#[test]
fn an_edited_file_is_a_problem() {
    let project = example("9.0.0");
    project.write("schema.sqlite.sql", &dump(&project));
    project.write("handover.yml", "minimum_version: 9.0.0");
    edit(&project, EXPAND, "# Expand", "# The first stage");
    insta::assert_snapshot!(problem(&project, &[]), @r"
    problem: `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml` has changed since `schema.sqlite.sql` was made with it
    hint: restore it: `git checkout -- release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml`
    ");
}

#[test]
fn a_file_added_to_a_dumped_release_is_a_problem() {
    let project = example("9.0.0");
    add_to_a_dumped_release(&project);
    project.write("release_migrations/9.0.1/20261121093009_next.sql", "SELECT 1");
    insta::assert_snapshot!(problem(&project, &[]), @r"
    problem: `release_migrations/8.0.0/7_late.sql` is not in `schema.sqlite.sql`, which was made at 9.0.0: it was added to its release later
    hint: move it to `unreleased/`; or, if that release is not out yet, make the dump again with `handover db dump --scratch`
    ");
}

#[test]
fn a_backport_may_be_added_to_a_dumped_release() {
    let project = example("9.0.0");
    add_to_a_dumped_release(&project);
    project.write(
        "release_migrations/9.0.0/20261101000000_place.slot.yml",
        "id: 20261101000000\nslot: 9.0.0\ntaken_by: { migration: 7, release: 8.0.0 }\n",
    );
    insta::assert_snapshot!(check(&project, &[]), @r"
    5 migration files, no problem
    [exit 0]
    ");
}

#[test]
fn a_file_named_like_a_dump_that_is_not_one_is_a_problem() {
    let project = example("9.0.0");
    project.write("schema.mariadb.sql", "CREATE TABLE users (id int)");
    insta::assert_snapshot!(problem(&project, &[]), @r"
    problem: schema.mariadb.sql:1:1: a schema dump begins with `-- handover schema dump, format 1, sqlite`
    hint: restore the file, or regenerate it: `handover db dump`
    ");
}
