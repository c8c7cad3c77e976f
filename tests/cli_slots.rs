//! Slots: `gen reserve`, and what `check` says of them. Nothing ever runs for one.

use std::fmt::Write as _;

use regex::Regex;

use crate::support::project::{Db, Output, Project};
use crate::support::spoil::{edit, said};

/// The output without the time in the names.
fn known(output: &Output) -> String {
    Regex::new(r"\b2\d{13}").unwrap().replace_all(&output.to_string(), "[id]").into_owned()
}

fn slots(project: &Project) -> Vec<(String, String)> {
    let files = project.traces().into_iter().filter(|(path, _)| path.ends_with(".slot.yml"));
    files.map(|(path, text)| (path, String::from_utf8(text).unwrap())).collect()
}

#[test]
fn places_are_kept_before_the_first_migration() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    let reserve = ["gen", "reserve", "--release", "9.0.0", "--count", "2"];
    let output = project.handover(&reserve).expect_status(0);
    insta::assert_snapshot!(output, @r"
    wrote release_migrations/9.0.0/20261121092998_reserved.slot.yml
    wrote release_migrations/9.0.0/20261121092999_reserved.slot.yml
    next: git add release_migrations
    [exit 0]
    ");
    insta::assert_snapshot!(slots(&project)[0].1, @r"
    # Kept free for a migration that an older line may need. Nothing runs here.
    id: 20261121092998
    slot: 9.0.0
    ");
    // Those that come later are before those that are there.
    let _ = project.handover(&reserve).expect_status(0);
    assert_eq!(slots(&project).len(), 4);
    let _ = project.handover(&["check"]).expect_status(0);
    // Nothing runs for them, before and after.
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    let _ = project.handover(&reserve).expect_status(0);
    let output = project.handover(&["db", "migrate"]).expect_status(0);
    assert!(output.stdout.starts_with("nothing to do"), "{output}");
    let plan = project.handover(&["db", "status", "--json"]).expect_status(0);
    assert!(!plan.stdout.contains("reserved"), "{plan}");
}

#[test]
fn an_empty_release_begins_before_what_is_yet_in_none() {
    let project = Project::new(Db::Sqlite);
    project.write("unreleased/20260101000000_add_posts.sql", "SELECT 1");
    let reserve = ["gen", "reserve", "--release", "9.0.0"];
    let _ = project.handover(&reserve).expect_status(0);
    let slots = slots(&project);
    assert_eq!(slots.len(), 10);
    assert!(slots[0].0.starts_with("release_migrations/9.0.0/202601009999"), "{slots:?}");
    let _ = project.handover(&["gen", "rename", "users.a", "b", "--release", "9.0.0"]);
    let _ = project.handover(&["check"]).expect_status(0);
}

#[test]
fn what_is_refused_writes_nothing() {
    let mut text = String::new();
    for arguments in [
        &["--release", "9.1.0", "--count", "5"][..],
        &["--release", "9.2.0", "--count", "5"],
        &["--release", "v9"],
        &["--release", "9.0.0+build"],
        &["--release", "9.0.0", "--count", "0"],
        &["--release", "9.0.0", "--count", "1001"],
        &["--count", "3"],
    ] {
        let project = Project::worked_example(Db::Sqlite, "9.0.0");
        project.write("release_migrations/9.1.0/4_x.sql", "SELECT 1");
        project.write("release_migrations/9.2.0/1_y.sql", "SELECT 1");
        let before = project.traces();
        let output = project.handover(&[&["gen", "reserve"], arguments].concat()).expect_status(2);
        assert!(project.traces() == before, "{output}");
        writeln!(text, "## {}\n{}", arguments.join(" "), known(&output)).unwrap();
    }
    insta::assert_snapshot!(text, @r"
    ## --release 9.1.0 --count 5
    --- stderr ---
    error: cannot reserve 5 slots at the start of 9.1.0: only 2 ids are free before `release_migrations/9.1.0/4_x.sql`
    hint: handover gen reserve --release 9.1.0 --count 2
    [exit 2]
    ## --release 9.2.0 --count 5
    --- stderr ---
    error: cannot reserve 5 slots at the start of 9.2.0: only 0 ids are free before `release_migrations/9.2.0/1_y.sql`
    hint: nothing can be before the first migration of 9.2.0; reserve slots in a later release: `handover gen reserve --release RELEASE`
    [exit 2]
    ## --release v9
    --- stderr ---
    error: `--release` is not a valid release
    caused by: `v9` is not a version of the form `9.0.0`
    hint: give a release such as `--release 9.0.0`, or set `release: { scheme: sequence }` in `handover.yml` if releases are numbered that way
    [exit 2]
    ## --release 9.0.0+build
    --- stderr ---
    error: `--release` is not a valid release
    caused by: `9.0.0+build` has build metadata, which does not order releases
    hint: give a release such as `--release 9.0.0`
    [exit 2]
    ## --release 9.0.0 --count 0
    --- stderr ---
    error: invalid value '0' for '--count <N>': 0 is not in 1..=1000

    For more information, try '--help'.
    [exit 2]
    ## --release 9.0.0 --count 1001
    --- stderr ---
    error: invalid value '1001' for '--count <N>': 1001 is not in 1..=1000

    For more information, try '--help'.
    [exit 2]
    ## --count 3
    --- stderr ---
    error: the following required arguments were not provided:
      --release <RELEASE>

    Usage: handover gen reserve --release <RELEASE> --count <N>

    For more information, try '--help'.
    [exit 2]
    ");
}

const GOOD: &str = "id: 5\nslot: 9.0.0\n";
const SLOT: &str = "release_migrations/9.0.0/5_reserved.slot.yml";

#[test]
fn check_knows_what_is_wrong_with_a_slot() {
    let said = said(
        &["check"],
        &[
            ("good", &|at| at.write(SLOT, GOOD)),
            ("unknown key", &|at| at.write(SLOT, "id: 5\nslot: 9.0.0\nx: 1\n")),
            ("other id", &|at| at.write(SLOT, "id: 6\nslot: 9.0.0\n")),
            ("other release", &|at| at.write(SLOT, "id: 5\nslot: 9.0.1\n")),
            ("no release", &|at| at.write(SLOT, "id: 5\nslot: nine\n")),
            ("unreleased", &|at| at.write("unreleased/5_reserved.slot.yml", GOOD)),
            ("not at the start", &|at| {
                at.write(SLOT, GOOD);
                at.write("release_migrations/9.0.0/4_x.sql", "SELECT 1");
            }),
            ("id of a migration", &|at| {
                at.write(SLOT, GOOD);
                at.write("release_migrations/8.0.0/5_x.sql", "SELECT 1");
            }),
            ("taken by nothing", &|at| {
                at.write(SLOT, GOOD);
                edit(at, SLOT, "9.0.0\n", "9.0.0\ntaken_by: { migration: 7, release: 8.17.1 }\n");
            }),
            ("taken twice", &|at| {
                let taken = "taken_by: { migration: 7, release: 8.17.1 }\n";
                at.write("release_migrations/8.17.1/7_x.sql", "SELECT 1");
                at.write(SLOT, &format!("{GOOD}{taken}"));
                at.write(&SLOT.replace("/5_", "/6_"), &format!("id: 6\nslot: 9.0.0\n{taken}"));
            }),
        ],
    );
    insta::assert_snapshot!(said, @r"
    ## good
    4 migration files, no problem
    [exit 0]
    ## unknown key
    --- stderr ---
    problem: release_migrations/9.0.0/5_reserved.slot.yml:3:1: unknown field `x`, expected one of id, slot, taken_by
    hint: correct the file, then run `handover check`
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## other id
    --- stderr ---
    problem: `release_migrations/9.0.0/5_reserved.slot.yml` says `6` for `id`, but its name says `5`
    hint: correct the files, then run `handover check`
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## other release
    --- stderr ---
    problem: `release_migrations/9.0.0/5_reserved.slot.yml` is a slot of 9.0.1, but in the folder of 9.0.0
    hint: correct the files, then run `handover check`
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## no release
    --- stderr ---
    problem: release_migrations/9.0.0/5_reserved.slot.yml:2:7: the value of `slot` is not a release such as `9.0.0`
    hint: correct the file, then run `handover check`
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## unreleased
    --- stderr ---
    problem: `unreleased/5_reserved.slot.yml` is a slot, which belongs at the start of a release
    hint: remove `unreleased/5_reserved.slot.yml`; `handover gen reserve --release RELEASE` writes slots
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## not at the start
    --- stderr ---
    problem: the slot `release_migrations/9.0.0/5_reserved.slot.yml` is not at the start of its release: the id of `release_migrations/9.0.0/4_x.sql` is smaller
    hint: remove the free slots of that release, then run `handover gen reserve` again
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## id of a migration
    --- stderr ---
    problem: `release_migrations/8.0.0/5_x.sql` and `release_migrations/9.0.0/5_reserved.slot.yml` have the same id `5`
    hint: correct the files, then run `handover check`
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## taken by nothing
    --- stderr ---
    problem: the slot `release_migrations/9.0.0/5_reserved.slot.yml` is taken by migration `7` of 8.17.1, but there is no such migration
    hint: correct the files, then run `handover check`
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ## taken twice
    --- stderr ---
    problem: the slots `release_migrations/9.0.0/5_reserved.slot.yml` and `release_migrations/9.0.0/6_reserved.slot.yml` are both taken by migration `7`
    hint: correct the files, then run `handover check`
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ");
}
