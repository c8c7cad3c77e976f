//! `release path`: which releases an upgrade goes through.

use std::fmt::Write as _;

use crate::support::project::{Db, Project};

/// Two renames and a plain migration, over six releases.
fn project() -> Project {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    let gen_ = |column: &str, releases: [&str; 2]| {
        let [release, contract] = releases;
        let _ = project
            .handover(&[
                "gen",
                "rename",
                column,
                "name",
                "--release",
                release,
                "--contract-release",
                contract,
            ])
            .expect_status(0);
    };
    gen_("posts.title", ["9.2.0", "11.0.0"]);
    gen_("tags.word", ["9.3.0", "10.0.0"]);
    project.write("release_migrations/9.1.0/20261121100000_add_tags.sql", "SELECT 1;\n");
    project
}

fn path(project: &Project, from: &str, to: &str) -> String {
    project.handover(&["release", "path", "--from", from, "--to", to]).to_string()
}

#[test]
fn the_path_is_the_shortest_that_skips_nothing() {
    let project = project();
    let mut text = String::new();
    for (from, to) in
        [("8.17.0", "12.0.0"), ("9.0.0", "9.0.1"), ("9.0.1", "9.0.9"), ("9.0.0", "9.0.0-rc.1")]
    {
        writeln!(text, "{}\n", path(&project, from, to)).unwrap();
    }
    insta::assert_snapshot!(text, @r"
    from 8.17.0 to 12.0.0: 3 upgrades

    1. 9.0.0, not to be skipped: it has to run everywhere for `rename_users_username_to_handle` (under way from 9.0.0 on, finished in 9.0.1)
         handover db migrate --pre
         roll 9.0.0 out to every process
         handover db migrate --post --wait 10m

    2. 9.3.0, not to be skipped: it has to run everywhere for `rename_tags_word_to_name` (under way from 9.3.0 on, finished in 10.0.0), `rename_posts_title_to_name` (under way from 9.2.0 on, finished in 11.0.0)
         handover db migrate --pre
         roll 9.3.0 out to every process
         handover db migrate --post --wait 10m

    3. 12.0.0
         roll 12.0.0 out to every process
         handover db migrate --post --wait 10m
    [exit 0]

    from 9.0.0 to 9.0.1: 1 upgrade

    1. 9.0.1
         roll 9.0.1 out to every process
         handover db migrate --post --wait 10m
    [exit 0]

    from 9.0.1 to 9.0.9: 1 upgrade

    1. 9.0.9
         no database changes: unpack 9.0.9 and restart
    [exit 0]

    nothing to do: the database is at 9.0.0
    [exit 0]
    ");
    project.write("handover.yml", "required_stops: [9.1.7]\n");
    insta::assert_snapshot!(path(&project, "9.0.0", "9.2.0"), @r"
    from 9.0.0 to 9.2.0: 2 upgrades

    1. 9.1.7, not to be skipped: `required_stops` says so
         handover db migrate --pre
         roll 9.1.7 out to every process
         handover db migrate --post --wait 10m

    2. 9.2.0
         handover db migrate --pre
         roll 9.2.0 out to every process
         handover db migrate --post --wait 10m
    [exit 0]
    ");
}

#[test]
fn a_website_reads_the_same() {
    let project = project();
    let output = project
        .handover(&["release", "path", "--from", "8.17.0", "--to", "9.0.1", "--json"])
        .expect_status(0);
    insta::assert_snapshot!(output, @r#"
    {
      "from": "8.17.0",
      "steps": [
        {
          "actions": [
            {
              "run": "handover db migrate --pre"
            },
            {
              "roll_out": "9.0.0"
            },
            {
              "run": "handover db migrate --post --wait 10m"
            }
          ],
          "database_changes": 2,
          "release": "9.0.0",
          "required": true,
          "why": [
            {
              "backfill": "9.0.0",
              "change": "rename_users_username_to_handle",
              "contract": "9.0.1",
              "reason": "change"
            }
          ]
        },
        {
          "actions": [
            {
              "roll_out": "9.0.1"
            },
            {
              "run": "handover db migrate --post --wait 10m"
            }
          ],
          "database_changes": 1,
          "release": "9.0.1",
          "required": false,
          "why": [
            {
              "reason": "goal"
            }
          ]
        }
      ],
      "to": "9.0.1"
    }
    [exit 0]
    "#);
}

#[test]
fn what_is_no_path() {
    let project = project();
    let before = project.traces();
    let mut text = String::new();
    let mut go = |from: &str, to: &str| writeln!(text, "{}\n", path(&project, from, to)).unwrap();
    go("9.0.1", "9.0.0");
    go("9.0.0", "9.0.1+build.5");
    go("vv9.0.0", "9.0.1");
    assert!(project.traces() == before);
    project.write("handover.yml", "minimum_version: 9.0.0\nrequired_stops: [8.0.0]\n");
    go("8.17.0", "9.0.1");
    project.write("handover.yml", "required_stops: [8.0.0]\n");
    go("8.17.0", "9.0.1");
    insta::assert_snapshot!(text, @r"
    --- stderr ---
    error: 9.0.0 is earlier than 9.0.1: that is not an upgrade
    hint: give the earlier release first: `handover release path --from 9.0.0 --to 9.0.1`
    [exit 2]

    --- stderr ---
    error: `--to` is not a valid release
    caused by: `9.0.1+build.5` has build metadata, which does not order releases
    hint: give a release such as `--to 9.0.0`
    [exit 2]

    --- stderr ---
    error: `--from` is not a valid release
    caused by: `vv9.0.0` is not a version of the form `9.0.0`
    hint: give a release such as `--from 9.0.0`
    [exit 2]

    --- stderr ---
    error: 8.17.0 is too old: the migrations up to 9.0.0 were squashed, so a database has to be at 9.0.0 or later
    hint: upgrade to 9.0.0 first, with that release's own files: `handover db migrate` there
    [exit 3]

    --- stderr ---
    error: `required_stops` names 8.0.0, but the first migrations are of 9.0.0
    hint: correct `required_stops` in `handover.yml`, then run `handover check`
    [exit 2]
    ");
}
