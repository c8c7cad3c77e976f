//! Wrong input of any kind: a clear message, the exit status, and nothing is changed.

use std::fs;

use crate::support::project::{Db, Project};
use crate::support::spoil::{BACKFILL, CONTRACT, EXPAND, edit, remove, said};

#[test]
fn a_version_that_is_none() {
    let said = said(
        &["db", "migrate"],
        &[
            ("missing", &|project| remove(project, "VERSION")),
            ("empty", &|project| project.write("VERSION", "")),
            ("v9", &|project| project.write("VERSION", "v9\n")),
            ("vv9.0.0", &|project| project.write("VERSION", "vv9.0.0\n")),
            ("9.0", &|project| project.write("VERSION", "9.0\n")),
            ("two lines", &|project| project.write("VERSION", "9.0.0\n9.0.1\n")),
            ("NUL", &|project| project.write("VERSION", "9.0.0\0\n")),
            ("binary", &|project| {
                fs::write(project.root().join("VERSION"), [0xff, 0xfe, 0, 9]).unwrap();
            }),
            ("a folder", &|project| {
                remove(project, "VERSION");
                fs::create_dir(project.root().join("VERSION")).unwrap();
            }),
        ],
    );
    insta::assert_snapshot!(said, @r"
    ## missing
    --- stderr ---
    error: the app's release is not known: there is no `VERSION`
    hint: write the app's release, such as `9.0.0`, to `VERSION`
    [exit 2]
    ## empty
    --- stderr ---
    error: `VERSION` does not hold a release such as `9.0.0`
    caused by: the version is empty
    hint: set `VERSION` to a release such as `9.0.0`
    [exit 2]
    ## v9
    --- stderr ---
    error: `VERSION` does not hold a release such as `9.0.0`
    caused by: `v9` is not a version of the form `9.0.0`
    hint: set `VERSION` to a release such as `9.0.0`, or set `release: { scheme: sequence }` in `handover.yml` if releases are numbered that way
    [exit 2]
    ## vv9.0.0
    --- stderr ---
    error: `VERSION` does not hold a release such as `9.0.0`
    caused by: `vv9.0.0` is not a version of the form `9.0.0`
    hint: set `VERSION` to a release such as `9.0.0`
    [exit 2]
    ## 9.0
    --- stderr ---
    error: `VERSION` does not hold a release such as `9.0.0`
    caused by: `9.0` is not a version of the form `9.0.0`
    hint: set `VERSION` to a release such as `9.0.0`
    [exit 2]
    ## two lines
    --- stderr ---
    error: `VERSION` has more than one line
    hint: let `VERSION` hold one line such as `9.0.0`
    [exit 2]
    ## NUL
    --- stderr ---
    error: `VERSION` does not hold a release such as `9.0.0`
    caused by: `9.0.0\0` is not a version of the form `9.0.0`
    hint: set `VERSION` to a release such as `9.0.0`
    [exit 2]
    ## binary
    --- stderr ---
    error: `VERSION` is not UTF-8 text
    hint: let `VERSION` hold one line such as `9.0.0`
    [exit 2]
    ## a folder
    --- stderr ---
    error: cannot read the app's release from `VERSION`
    caused by: Is a directory (os error 21)
    hint: make `VERSION` readable
    [exit 2]
    ");
}

#[test]
fn the_environment_variable_wins_over_the_file_and_is_as_strict() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    for (version, status) in [("8.17.0", 0), ("", 2), ("vv9.0.0", 2)] {
        let mut command = project.command(&["db", "plan"]);
        let output = command.env("VERSION", version).output().unwrap();
        let text =
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{text}");
        let expect =
            if status == 0 { "app release 8.17.0" } else { "the environment variable `VERSION`" };
        assert!(text.contains(expect), "{text}");
    }
}

#[test]
fn a_migration_file_that_is_malformed() {
    let said = said(
        &["db", "migrate"],
        &[
            ("unknown key", &|at| edit(at, EXPAND, "rename:", "colour: red\nrename:")),
            ("duplicate key", &|at| edit(at, EXPAND, "rename:", "after: x\nafter: x\nrename:")),
            ("wrong type", &|at| edit(at, EXPAND, "to: handle", "to: [handle]")),
            ("truncated in a line", &|at| edit(at, EXPAND, "username, to: handle }\n", "user")),
            ("truncated at a line", &|at| {
                let text = fs::read_to_string(at.root().join(EXPAND)).unwrap();
                at.write(EXPAND, text.split("rename: {").next().unwrap());
            }),
            ("empty", &|at| at.write(EXPAND, "")),
            ("not text", &|at| fs::write(at.root().join(EXPAND), [0xff, 0]).unwrap()),
            ("other stage than its name says", &|at| {
                edit(at, EXPAND, "rename:", "stage: backfill\nrename:");
            }),
        ],
    );
    insta::assert_snapshot!(said, @r"
    ## unknown key
    --- stderr ---
    error: release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml:2:1: unknown field `colour`, expected one of id, change, stage, deploy, after, rename, rename_in_place, drop, retype
    hint: correct the file, then run `handover check`
    [exit 2]
    ## duplicate key
    --- stderr ---
    error: release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml:3:1: key `after` is given twice
    hint: correct the file, then run `handover check`
    [exit 2]
    ## wrong type
    --- stderr ---
    error: release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml:2:45: expected string scalar
    hint: correct the file, then run `handover check`
    [exit 2]
    ## truncated in a line
    --- stderr ---
    error: release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml:2:9: unclosed bracket '{'
    hint: correct the file, then run `handover check`
    [exit 2]
    ## truncated at a line
    --- stderr ---
    error: release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml: the file does not say what to change; it has none of `rename`, `rename_in_place`, `drop`, `retype`
    hint: correct the file, then run `handover check`
    [exit 2]
    ## empty
    --- stderr ---
    error: release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml: the file does not say what to change; it has none of `rename`, `rename_in_place`, `drop`, `retype`
    hint: correct the file, then run `handover check`
    [exit 2]
    ## not text
    --- stderr ---
    error: `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml` is not UTF-8 text
    hint: correct `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml`, then run `handover check`
    [exit 2]
    ## other stage than its name says
    --- stderr ---
    error: release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml:2:8: `stage` is `backfill`, but the name of the file says `expand`
    hint: correct the file, then run `handover check`
    [exit 2]
    ");
}

#[test]
fn files_that_do_not_fit_together() {
    let said = said(
        &["db", "migrate"],
        &[
            ("stage in the wrong release", &|at| {
                let text = fs::read_to_string(at.root().join(EXPAND)).unwrap();
                remove(at, EXPAND);
                at.write(&EXPAND.replace("9.0.0", "9.0.1"), &text);
            }),
            ("stage missing", &|at| remove(at, BACKFILL)),
            ("contract missing", &|at| remove(at, CONTRACT)),
            ("stage in no release", &|at| {
                let text = fs::read_to_string(at.root().join(CONTRACT)).unwrap();
                remove(at, CONTRACT);
                at.write(&CONTRACT.replace("release_migrations/9.0.1", "unreleased"), &text);
            }),
            ("two changes on one column", &|at| {
                for path in [EXPAND, BACKFILL, CONTRACT] {
                    let text = fs::read_to_string(at.root().join(path)).unwrap();
                    let name = |text: &str| text.replace("2026", "2027").replace("handle", "nick");
                    at.write(&name(path), &name(&text));
                }
            }),
            ("release that is no version", &|at| {
                at.write("release_migrations/latest/1_x.sql", "SELECT 1");
            }),
            ("release with two leading letters", &|at| {
                at.write("release_migrations/vv9.0.0/1_x.sql", "SELECT 1");
            }),
            ("stray file among the releases", &|at| {
                at.write("release_migrations/notes.yml", "");
            }),
            ("stray file in a release", &|at| at.write("release_migrations/9.0.0/x.sql", "")),
            ("settings", &|at| at.write("handover.yml", "bath_size: 1\n")),
        ],
    );
    insta::assert_snapshot!(said, @r"
    ## stage in the wrong release
    --- stderr ---
    error: stage `backfill` of change `rename_users_username_to_handle` is in release 9.0.0 (`release_migrations/9.0.0/20261121093001_rename_users_username_to_handle.backfill.yml`), but its `expand` is in 9.0.1 (`release_migrations/9.0.1/20261121093000_rename_users_username_to_handle.expand.yml`): it must be in that release or a later one
    hint: correct the files, then run `handover check`
    [exit 2]
    ## stage missing
    --- stderr ---
    error: change `rename_users_username_to_handle` has no stage `backfill`, though it has `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml`
    hint: restore the file of stage `backfill`, then run `handover check`
    [exit 2]
    ## contract missing
    --- stderr ---
    error: change `rename_users_username_to_handle` has no stage `contract`, though it has `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml`
    hint: restore the file of stage `contract`, then run `handover check`
    [exit 2]
    ## stage in no release
    --- stderr ---
    error: change `rename_users_username_to_handle` is only partly in a release: `unreleased/20261121093002_rename_users_username_to_handle.contract.yml` is not, `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml` is
    hint: correct the files, then run `handover check`
    [exit 2]
    ## two changes on one column
    --- stderr ---
    error: changes `rename_users_username_to_handle` (users.username -> handle, `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml`) and `rename_users_username_to_nick` (users.username -> nick, `release_migrations/9.0.0/20271121093000_rename_users_username_to_nick.expand.yml`) use the same column of table `users`, and neither begins in a later release than the other's contract
    hint: move the stages of the later change to releases after the other's contract, beginning with `release_migrations/9.0.0/20271121093000_rename_users_username_to_nick.expand.yml`, then run `handover check`
    [exit 2]
    ## release that is no version
    --- stderr ---
    error: the folder `release_migrations/latest` is not named after a release such as `9.0.0`
    caused by: `latest` is not a version of the form `9.0.0`
    hint: rename or move `release_migrations/latest`, then run `handover check`
    [exit 2]
    ## release with two leading letters
    --- stderr ---
    error: the folder `release_migrations/vv9.0.0` is not named after a release such as `9.0.0`
    caused by: `vv9.0.0` is not a version of the form `9.0.0`
    hint: rename or move `release_migrations/vv9.0.0`, then run `handover check`
    [exit 2]
    ## stray file among the releases
    --- stderr ---
    error: `release_migrations/notes.yml` is not a migration; only folders named after a release belong here
    hint: rename or move `release_migrations/notes.yml`, then run `handover check`
    [exit 2]
    ## stray file in a release
    --- stderr ---
    error: `release_migrations/9.0.0/x.sql` is not a migration; its name must be `<timestamp>_<name>` of at most 17 digits and of `a-z`, `0-9` and `_`, and end in `.expand.yml`, `.backfill.yml`, `.contract.yml`, `.sql`, `.post.sql` or `.slot.yml`
    hint: rename or move `release_migrations/9.0.0/x.sql`, then run `handover check`
    [exit 2]
    ## settings
    --- stderr ---
    error: handover.yml:1:1: unknown field `bath_size`, expected one of app, folders, lock, backfill, release, acknowledgement_patience, required_stops, minimum_version, upgrade_budget, allow, rehearse, check
    hint: correct the settings, then run `handover check`
    [exit 2]
    ");
}

#[test]
fn two_files_with_one_id() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    let index = "release_migrations/9.0.0/20261121093000_index.sql";
    project.write(index, "SELECT 1");
    let before = project.traces();
    let output = project.handover(&["db", "migrate"]).expect_status(2);
    assert!(project.traces() == before, "{output}");
    // Which of the two is named first depends on the order in which the folder lists them.
    for named in [EXPAND, index, "have the same id `20261121093000`"] {
        assert!(output.stderr.contains(named), "{output}");
    }
}
