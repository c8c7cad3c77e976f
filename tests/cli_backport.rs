//! `release backport`: a migration moves to an older line, with its id and bytes; a database that
//! ran it there meets it again in the newer line, and nothing happens.

use std::fmt::Write as _;
use std::fs;

use insta::allow_duplicates;
use regex::Regex;

use crate::support::project::{Db, Output, Project, each_database};
use crate::support::spoil::{BACKFILL, CONTRACT, EXPAND};
use crate::support::traces::USERS;

const CHANGE: &str = "rename_users_username_to_handle";

impl Project {
    fn backport(&self, arguments: &[&str]) -> Output {
        self.handover(&[&["release", "backport"], arguments].concat())
    }

    fn migrate(&self, release: &str) -> Output {
        self.version(release);
        self.handover(&["db", "migrate", "--offline"]).expect_status(0)
    }

    /// The app's release at which each migration ran, by id.
    fn recorded(&self) -> Vec<String> {
        self.query("SELECT app_version FROM handover_migrations ORDER BY id")
    }
}

/// The worked example in 9.0.0, which has kept places.
fn newer_line(db: Db) -> Project {
    let project = Project::worked_example(db, "8.17.0");
    let reserve = ["gen", "reserve", "--release", "9.0.0", "--count", "4"];
    let _ = project.handover(&reserve).expect_status(0);
    project
}

/// The files below the folders of migrations.
fn tree(project: &Project) -> Vec<(String, Vec<u8>)> {
    let mut tree = project.traces();
    tree.retain(|(path, _)| path.starts_with("release_m") || path.starts_with("unreleased"));
    tree
}

#[test]
fn a_change_moves_with_its_bytes_and_takes_places() {
    let project = newer_line(Db::Sqlite);
    let before = tree(&project);
    let output = project.backport(&[CHANGE, "--to", "8.17.1"]).expect_status(0);
    insta::assert_snapshot!(output, @r"
    moved release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml
       to release_migrations/8.17.1/20261121093000_rename_users_username_to_handle.expand.yml
     took release_migrations/9.0.0/20261121092996_reserved.slot.yml
    moved release_migrations/9.0.0/20261121093001_rename_users_username_to_handle.backfill.yml
       to release_migrations/8.17.1/20261121093001_rename_users_username_to_handle.backfill.yml
     took release_migrations/9.0.0/20261121092997_reserved.slot.yml
    moved release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml
       to release_migrations/8.17.2/20261121093002_rename_users_username_to_handle.contract.yml
     took release_migrations/9.0.0/20261121092998_reserved.slot.yml

    On the branch of the older line, take the files as they are, with their ids:
      git checkout BRANCH_OF_THIS_COMMIT -- release_migrations/8.17.1 release_migrations/8.17.2

    next: git add --all release_migrations, then handover check
    [exit 0]
    ");
    for (path, folder) in [(EXPAND, "8.17.1"), (BACKFILL, "8.17.1"), (CONTRACT, "8.17.2")] {
        let bytes = &before.iter().find(|(at, _)| at == path).unwrap().1;
        let name = path.rsplit('/').next().unwrap();
        let moved = fs::read(project.root().join(format!("release_migrations/{folder}/{name}")));
        assert_eq!(&moved.unwrap(), bytes);
        assert!(!project.root().join(path).exists());
    }
    let slot = "release_migrations/9.0.0/20261121092996_reserved.slot.yml";
    insta::assert_snapshot!(fs::read_to_string(project.root().join(slot)).unwrap(), @r"
    # Taken by a migration that moved to an older line. Nothing runs here.
    id: 20261121092996
    slot: 9.0.0
    taken_by: { migration: 20261121093000, release: 8.17.1 }
    ");
    let _ = project.handover(&["check"]).expect_status(0);
    // Twice is harmless.
    let before = project.traces();
    let output = project.backport(&[CHANGE, "--to", "8.17.1"]).expect_status(0);
    insta::assert_snapshot!(output, @r"
    `rename_users_username_to_handle` is in 8.17.1 already
    [exit 0]
    ");
    assert!(project.traces() == before);
}

#[test]
fn a_migration_of_plain_sql_moves_alone() {
    let project = newer_line(Db::Sqlite);
    project.write("unreleased/20261121094000_add_index.sql", "CREATE INDEX i ON users (username);");
    let output = project.backport(&["add_index", "--to", "8.17.1"]).expect_status(0);
    insta::assert_snapshot!(output, @r"
    moved unreleased/20261121094000_add_index.sql
       to release_migrations/8.17.1/20261121094000_add_index.sql
     took release_migrations/9.0.0/20261121092996_reserved.slot.yml

    On the branch of the older line, take the files as they are, with their ids:
      git checkout BRANCH_OF_THIS_COMMIT -- release_migrations/8.17.1

    next: git add --all release_migrations, then handover check
    [exit 0]
    ");
    let _ = project.handover(&["check"]).expect_status(0);
    let _ = project.backport(&["20261121094000", "--to", "8.17.1"]).expect_status(0);
    let _ = project.migrate("8.17.1");
    let output = project.migrate("9.0.0");
    assert!(!output.to_string().contains("add_index"), "{output}");
}

#[test]
fn a_contract_may_stay_in_the_newer_line() {
    let project = newer_line(Db::Sqlite);
    let arguments = [CHANGE, "--to", "8.17.1", "--contract-release", "9.0.1"];
    let _ = project.backport(&arguments).expect_status(0);
    assert!(project.root().join(CONTRACT).exists() && !project.root().join(EXPAND).exists());
    let _ = project.handover(&["check"]).expect_status(0);
}

#[test]
fn a_database_that_ran_it_in_the_older_line_has_nothing_to_run() {
    allow_duplicates!(each_database(|project| {
        project.sql(USERS);
        project.add_worked_example();
        let reserve = ["gen", "reserve", "--release", "9.0.0", "--count", "3"];
        let _ = project.handover(&reserve).expect_status(0);
        project.write("release_migrations/8.17.0/1_first.sql", "CREATE TABLE first (id integer)");
        let _ = project.migrate("8.17.0");
        let _ = project.backport(&[CHANGE, "--to", "8.17.1"]).expect_status(0);
        // The older line: expand and backfill, then the contract.
        let _ = project.migrate("8.17.1");
        let _ = project.migrate("8.17.2");
        assert_eq!(project.query("SELECT handle FROM users ORDER BY id"), ["ada", "grace"]);
        let (ran, dump) = (project.recorded(), project.dump("users"));
        assert_eq!(ran, ["8.17.0", "8.17.1", "8.17.1", "8.17.2"]);
        // The newer line: the same ids, and nothing to run.
        let output = project.migrate("9.0.1");
        assert!(output.stdout.starts_with("nothing to do"), "{output}");
        assert_eq!((project.recorded(), project.dump("users")), (ran, dump));
    }));
}

#[test]
fn a_database_that_did_not_runs_it_in_the_newer_line() {
    allow_duplicates!(each_database(|project| {
        project.sql(USERS);
        project.add_worked_example();
        let reserve = ["gen", "reserve", "--release", "9.0.0", "--count", "3"];
        let _ = project.handover(&reserve).expect_status(0);
        project.write("release_migrations/8.17.0/1_first.sql", "CREATE TABLE first (id integer)");
        let _ = project.migrate("8.17.0");
        let _ = project.backport(&[CHANGE, "--to", "8.17.1"]).expect_status(0);
        let _ = project.migrate("9.0.1");
        assert_eq!(project.query("SELECT handle FROM users ORDER BY id"), ["ada", "grace"]);
        assert_eq!(project.recorded().len(), 4);
    }));
}

#[test]
fn a_database_that_left_the_older_line_midway_goes_on_in_the_newer_one() {
    let project = newer_line(Db::Sqlite);
    let _ = project.backport(&[CHANGE, "--to", "8.17.1"]).expect_status(0);
    let _ = project.migrate("8.17.1");
    assert_eq!(project.recorded().len(), 2);
    let output = project.migrate("9.0.1");
    assert!(!output.to_string().contains("expand"), "{output}");
    assert_eq!(project.recorded(), ["8.17.1", "8.17.1", "9.0.1"]);
    assert_eq!(project.query("SELECT handle FROM users ORDER BY id"), ["ada", "grace"]);
}

/// Its release is later than the one that the migration moved to, and yet it has to run it.
#[test]
fn a_database_beyond_the_older_line_runs_what_moved_there() {
    let project = Project::bare(Db::Sqlite);
    project.sql(USERS);
    project.add_worked_example();
    project.write("release_migrations/8.18.0/1_first.sql", "CREATE TABLE first (id integer)");
    project.version("8.18.0");
    let _ = project.handover(&["db", "init", "--baseline", "8.18.0"]).expect_status(0);
    let reserve = ["gen", "reserve", "--release", "9.0.0", "--count", "3"];
    let _ = project.handover(&reserve).expect_status(0);
    let _ = project.backport(&[CHANGE, "--to", "8.17.1"]).expect_status(0);
    let _ = project.migrate("9.0.1");
    assert_eq!(project.query("SELECT handle FROM users ORDER BY id"), ["ada", "grace"]);
}

#[test]
fn a_database_that_ran_it_in_the_newer_line_does_not_run_it_after_it_moved() {
    let project = newer_line(Db::Sqlite);
    let _ = project.migrate("9.0.0");
    let ran = project.recorded();
    let _ = project.backport(&[CHANGE, "--to", "8.17.1"]).expect_status(0);
    let output = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
    assert!(output.stdout.starts_with("nothing to do"), "{output}");
    assert_eq!(project.recorded(), ran);
}

type Way<'a> = (&'a str, &'a [&'a str], &'a dyn Fn(&Project));

#[test]
fn what_is_refused_moves_nothing() {
    let make = "release_migrations/9.0.0/20261121092990_make.sql";
    let nothing = |_: &Project| {};
    let ways: [Way<'_>; 22] = [
        ("expand alone", &["20261121093000", "--to", "8.17.1"], &nothing),
        ("backfill alone", &["20261121093001", "--to", "8.17.1"], &nothing),
        ("contract alone", &["20261121093002", "--to", "8.17.1"], &nothing),
        ("unknown id", &["7", "--to", "8.17.1"], &nothing),
        ("unknown name", &["rename_x", "--to", "8.17.1"], &nothing),
        ("a slot", &["20261121092999", "--to", "8.17.1"], &nothing),
        ("build metadata", &[CHANGE, "--to", "8.17.1+build"], &nothing),
        ("no release", &[CHANGE, "--to", "v8"], &nothing),
        ("no target", &[CHANGE], &nothing),
        ("where it is", &[CHANGE, "--to", "9.0.0"], &nothing),
        ("later", &[CHANGE, "--to", "9.1.0"], &nothing),
        (
            "contract too early",
            &[CHANGE, "--to", "8.17.1", "--contract-release", "8.17.1"],
            &nothing,
        ),
        ("no slots", &[CHANGE, "--to", "8.17.1"], &|at| {
            fs::remove_dir_all(at.root().join("release_migrations/9.0.0")).unwrap();
            at.add_worked_example();
        }),
        ("too few slots", &[CHANGE, "--to", "8.17.1"], &|at| {
            for id in [20_261_121_092_996_u64, 20_261_121_092_997] {
                let slot = format!("release_migrations/9.0.0/{id}_reserved.slot.yml");
                fs::remove_file(at.root().join(slot)).unwrap();
            }
        }),
        ("a malformed slot", &[CHANGE, "--to", "8.17.1"], &|at| {
            at.write("release_migrations/9.0.0/5_reserved.slot.yml", "id: 5\n");
        }),
        ("no table there", &[CHANGE, "--to", "8.17.1"], &|at| {
            at.write("release_migrations/8.18.0/6_make.sql", "CREATE TABLE users (id int)");
        }),
        ("no column there", &[CHANGE, "--to", "8.17.1"], &|at| {
            at.write("release_migrations/8.18.0/6_m.sql", "ALTER TABLE users ADD username text");
        }),
        ("a column that a rename makes", &[CHANGE, "--to", "8.17.1"], &|at| {
            let rename = ["gen", "rename", "users.login", "username", "--release", "8.18.0"];
            let _ = at.handover(&rename).expect_status(0);
        }),
        ("plain SQL without its table", &["20261121092991", "--to", "8.17.1"], &|at| {
            at.write(make, "CREATE TABLE posts (id int)");
            let index = "CREATE INDEX i ON posts (id)";
            at.write(&make.replace("0_make", "1_index"), index);
        }),
        ("after what stays", &["7", "--to", "8.17.1"], &|at| {
            at.write("unreleased/7_x.sql", &format!("-- after: {CHANGE}\nSELECT 1"));
        }),
        ("two of one name", &["make", "--to", "8.17.1"], &|at| {
            at.write("unreleased/1_make.sql", "SELECT 1");
            at.write("unreleased/2_make.sql", "SELECT 1");
        }),
        ("beside another change", &[CHANGE, "--to", "8.17.1"], &|at| {
            let rename = ["gen", "rename", "users.username", "nick", "--release", "8.17.0"];
            let _ = at.handover(&rename).expect_status(0);
        }),
    ];
    // Only these two have the present time in their names.
    let generated =
        Regex::new(r"\b\d+(_rename_users_(login_to_username|username_to_nick))").unwrap();
    let mut text = String::new();
    for (way, arguments, spoil) in ways {
        let project = newer_line(Db::Sqlite);
        spoil(&project);
        let before = project.traces();
        let output = project.backport(arguments);
        assert!(project.traces() == before, "{way}: {output}");
        let said = generated.replace_all(&output.to_string(), "[id]$1").into_owned();
        writeln!(text, "## {way}\n{said}").unwrap();
    }
    insta::assert_snapshot!(text, @r"
    ## expand alone
    --- stderr ---
    error: cannot move stage `expand` of change `rename_users_username_to_handle` alone: without the stages after it the older line would be left halfway
    hint: move the whole change: `handover release backport rename_users_username_to_handle --to 8.17.1`
    [exit 3]
    ## backfill alone
    --- stderr ---
    error: cannot move stage `backfill` of change `rename_users_username_to_handle` alone: it needs its expand in the same release or before
    hint: move the whole change: `handover release backport rename_users_username_to_handle --to 8.17.1`
    [exit 3]
    ## contract alone
    --- stderr ---
    error: cannot move stage `contract` of change `rename_users_username_to_handle` alone: it takes away a column that only the other stages have replaced
    hint: move the whole change: `handover release backport rename_users_username_to_handle --to 8.17.1`
    [exit 3]
    ## unknown id
    --- stderr ---
    error: there is no migration with the id `7`, and no change of that name
    hint: see the ids in the file names below `release_migrations/` and `unreleased/`
    [exit 2]
    ## unknown name
    --- stderr ---
    error: there is no migration with the id `rename_x`, and no change of that name
    hint: see the ids in the file names below `release_migrations/` and `unreleased/`
    [exit 2]
    ## a slot
    --- stderr ---
    error: `release_migrations/9.0.0/20261121092999_reserved.slot.yml` is a slot, not a migration
    hint: see the ids in the file names below `release_migrations/` and `unreleased/`
    [exit 2]
    ## build metadata
    --- stderr ---
    error: `--to` is not a valid release
    caused by: `8.17.1+build` has build metadata, which does not order releases
    hint: give a release such as `--to 9.0.0`
    [exit 2]
    ## no release
    --- stderr ---
    error: `--to` is not a valid release
    caused by: `v8` is not a version of the form `9.0.0`
    hint: give a release such as `--to 9.0.0`, or set `release: { scheme: sequence }` in `handover.yml` if releases are numbered that way
    [exit 2]
    ## no target
    --- stderr ---
    error: the following required arguments were not provided:
      --to <RELEASE>

    Usage: handover release backport --to <RELEASE> <ID>

    For more information, try '--help'.
    [exit 2]
    ## where it is
    --- stderr ---
    error: cannot move `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml` to 9.0.0: it is in 9.0.0, which is not later
    hint: give a release before 9.0.0: `--to RELEASE`
    [exit 3]
    ## later
    --- stderr ---
    error: cannot move `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml` to 9.1.0: it is in 9.0.0, which is not later
    hint: give a release before 9.0.0: `--to RELEASE`
    [exit 3]
    ## contract too early
    --- stderr ---
    error: the contract cannot be in 8.17.1: it must be later than 8.17.1, the release of the stages before it
    hint: leave out `--contract-release`, which gives 8.17.2
    [exit 2]
    ## no slots
    --- stderr ---
    error: no release later than 8.17.1 has slots for what moves to an older line
    hint: reserve slots at the start of the first release of the newer line: `handover gen reserve --release RELEASE --count 10`
    [exit 3]
    ## too few slots
    --- stderr ---
    error: 3 slots are needed at the start of 9.0.0, and 2 are free
    hint: handover gen reserve --release 9.0.0 --count 10
    [exit 3]
    ## a malformed slot
    --- stderr ---
    error: release_migrations/9.0.0/5_reserved.slot.yml:1:1: missing field `slot`
    hint: correct the file, then run `handover check`
    [exit 2]
    ## no table there
    --- stderr ---
    error: 8.17.1 does not have the table `users`: `release_migrations/8.18.0/6_make.sql` makes it, in 8.18.0
    hint: move what makes it first, `release_migrations/8.18.0/6_make.sql`
    [exit 3]
    ## no column there
    --- stderr ---
    error: 8.17.1 does not have the column `users.username`: `release_migrations/8.18.0/6_m.sql` makes it, in 8.18.0
    hint: move what makes it first, `release_migrations/8.18.0/6_m.sql`
    [exit 3]
    ## a column that a rename makes
    --- stderr ---
    error: 8.17.1 does not have the column `users.username`: `release_migrations/8.18.0/[id]_rename_users_login_to_username.expand.yml` makes it, in 8.18.0
    hint: move what makes it first, `release_migrations/8.18.0/[id]_rename_users_login_to_username.expand.yml`
    [exit 3]
    ## plain SQL without its table
    --- stderr ---
    error: 8.17.1 does not have the table `posts`: `release_migrations/9.0.0/20261121092990_make.sql` makes it, in 9.0.0
    hint: move what makes it first, `release_migrations/9.0.0/20261121092990_make.sql`
    [exit 3]
    ## after what stays
    --- stderr ---
    error: cannot move to 8.17.1: `release_migrations/8.17.1/7_x.sql` has to run after `rename_users_username_to_handle`, which is done later, by `release_migrations/9.0.0/20261121093001_rename_users_username_to_handle.backfill.yml`
    hint: move what `after` names first, with `handover release backport`
    [exit 3]
    ## two of one name
    --- stderr ---
    error: `unreleased/1_make.sql` and `unreleased/2_make.sql` are both called `make`
    hint: give the id of the one that shall move
    [exit 2]
    ## beside another change
    --- stderr ---
    error: the migrations would not fit together in 8.17.1
    caused by: changes `rename_users_username_to_handle` (users.username -> handle, `release_migrations/8.17.1/20261121093000_rename_users_username_to_handle.expand.yml`) and `rename_users_username_to_nick` (users.username -> nick, `release_migrations/8.17.0/[id]_rename_users_username_to_nick.expand.yml`) use the same column of table `users`, and neither begins in a later release than the other's contract
    hint: move the stages of the later change to releases after the other's contract, beginning with `release_migrations/8.17.0/[id]_rename_users_username_to_nick.expand.yml`, then run `handover check`
    [exit 3]
    ");
}
