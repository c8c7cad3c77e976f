//! `release squash`: what is behind a required stop goes, and nobody misses it.

use std::fmt::Write as _;
use std::fs;

use crate::support::project::{Db, Project, each_database};
use crate::support::traces::USERS;

const SETTINGS: &str = "# Ours.\nrequired_stops: [9.1.0] # LTS\n";

/// A rename that is over in 9.0.1, and tables that come with 9.1.0 and 9.2.0.
fn add_files(project: &Project) {
    project.add_worked_example();
    for (release, id, table) in
        [("9.1.0", 20_261_121_100_000_u64, "tags"), ("9.2.0", 20_261_121_110_000, "notes")]
    {
        project.write(
            &format!("release_migrations/{release}/{id}_add_{table}.sql"),
            &format!("CREATE TABLE {table} (id integer PRIMARY KEY);\n"),
        );
    }
    project.write("handover.yml", SETTINGS);
}

fn migrate(project: &Project, release: &str) {
    project.version(release);
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
}

/// A project whose database is at 9.1.0, with its dump.
fn dumped(project: &Project) {
    project.sql(USERS);
    add_files(project);
    for release in ["9.0.0", "9.0.1", "9.1.0"] {
        migrate(project, release);
    }
    let _ = project.handover(&["db", "dump"]).expect_status(0);
}

fn releases(project: &Project) -> Vec<String> {
    let folders = fs::read_dir(project.root().join("release_migrations")).unwrap();
    let mut names: Vec<String> =
        folders.map(|folder| folder.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_database_past_the_stop_goes_on() {
    each_database(|project| {
        dumped(project);
        // A place that nobody took goes as well; a file of the project's own stays.
        let reserve = ["gen", "reserve", "--release", "9.0.0", "--count", "2"];
        let _ = project.handover(&reserve).expect_status(0);
        project.write("release_migrations/9.0.1/README.md", "Ours.\n");
        let output = project.handover(&["release", "squash", "--to", "9.1.0"]).expect_status(0);
        assert!(output.stdout.starts_with("4 migrations up to 9.1.0 squashed into"), "{output}");
        assert_eq!(releases(project), ["9.0.1", "9.2.0"]);
        let left = fs::read_dir(project.root().join("release_migrations/9.0.1")).unwrap();
        assert_eq!(left.count(), 1);
        let settings = fs::read_to_string(project.root().join("handover.yml")).unwrap();
        assert_eq!(settings, format!("{SETTINGS}minimum_version: 9.1.0\n"));
        let _ = project.handover(&["check"]).expect_status(0);
        let _ = project.handover(&["db", "status"]).expect_status(0);
        migrate(project, "9.2.0");
        project.sql("INSERT INTO notes VALUES (1)");
        // Twice is harmless.
        let before = project.traces();
        let output = project.handover(&["release", "squash", "--to", "9.1.0"]).expect_status(0);
        assert!(output.stdout.starts_with("nothing to do"), "{output}");
        assert!(project.traces() == before);
    });
}

#[test]
fn an_older_database_is_told_where_to_go_first_and_a_new_one_is_loaded() {
    let project = Project::new(Db::Sqlite);
    project.sql(USERS);
    add_files(&project);
    migrate(&project, "9.0.0");
    migrate(&project, "9.0.1");
    fs::copy(project.root().join("app.sqlite3"), project.root().join("older.sqlite3")).unwrap();
    migrate(&project, "9.1.0");
    let _ = project.handover(&["db", "dump"]).expect_status(0);
    let url = |name: &str| format!("sqlite://{}?mode=rwc", project.root().join(name).display());
    let (older, fresh) = (url("older.sqlite3"), url("fresh.sqlite3"));
    let on = |url: &str, arguments: &[&str]| {
        project.handover(&[&["--database-url", url], arguments].concat())
    };
    let _ = project.handover(&["release", "squash", "--to", "9.1.0"]).expect_status(0);
    project.version("9.2.0");
    let refused = on(&older, &["db", "migrate", "--offline"]).expect_status(3);
    insta::assert_snapshot!(refused, @r"
    --- stderr ---
    refused: the database is at release 9.0.1, and migrations up to 9.1.0 have been squashed
    hint: deploy 9.1.0 first, from a copy of the project that still has its migrations
    [exit 3]
    ");
    let _ = on(&fresh, &["db", "load"]).expect_status(0);
    let _ = on(&fresh, &["db", "migrate"]).expect_status(0);
    let plan = on(&fresh, &["db", "plan"]).expect_status(0);
    assert!(plan.stdout.contains("nothing to run now"), "{plan}");
    let path = ["release", "path", "--from", "9.0.0", "--to", "9.2.0"];
    insta::assert_snapshot!(project.handover(&path), @r"
    --- stderr ---
    error: 9.0.0 is too old: the migrations up to 9.1.0 were squashed, so a database has to be at 9.1.0 or later
    hint: upgrade to 9.1.0 first, with that release's own files: `handover db migrate` there
    [exit 3]
    ");
}

#[test]
fn what_is_needed_is_not_squashed() {
    let project = Project::new(Db::Sqlite);
    let mut text = String::new();
    let mut go = |title: &str, to: &str| {
        let before = project.traces();
        let output = project.handover(&["release", "squash", "--to", to]);
        assert!(project.traces() == before, "{output}");
        writeln!(text, "## {title}\n{output}\n").unwrap();
    };
    project.sql(USERS);
    add_files(&project);
    go("no dump", "9.1.0");
    for release in ["9.0.0", "9.0.1"] {
        migrate(&project, release);
    }
    let _ = project.handover(&["db", "dump"]).expect_status(0);
    go("a dump that is too early", "9.1.0");
    go("no stop", "9.0.1");
    go("a change under way", "9.0.0");
    go("build metadata", "9.1.0+build");
    project.write("release_migrations/9.0.1/20261121094000_late.sql", "SELECT 1;\n");
    migrate(&project, "9.1.0");
    let _ = project.handover(&["db", "dump"]).expect_status(0);
    project.write("release_migrations/9.0.1/20261121095000_later.sql", "SELECT 1;\n");
    go("a migration that the dump lacks", "9.1.0");
    fs::remove_file(project.root().join("release_migrations/9.0.1/20261121095000_later.sql"))
        .unwrap();
    project.write("release_migrations/9.0.1/20261121094000_late.sql", "SELECT 2;\n");
    go("a migration that was edited", "9.1.0");
    project.write("release_migrations/9.0.1/20261121094000_late.sql", "SELECT 1;\n");
    project.write("handover.yml", "{ required_stops: [9.1.0] }\n");
    go("settings of another layout", "9.1.0");
    project.write("handover.yml", "required_stops: [9.1.0]\nminimum_version: 9.2.0\n");
    go("an earlier stop", "9.1.0");
    insta::assert_snapshot!(text, @r"
    ## no dump
    --- stderr ---
    error: there is no schema dump to fold the migrations into
    hint: make one: `handover db dump --scratch --release 9.1.0`
    [exit 3]

    ## a dump that is too early
    --- stderr ---
    error: `schema.sqlite.sql` is the schema of 9.0.1, and has to be that of 9.1.0 or later
    hint: make it again: `handover db dump --scratch --release 9.1.0`
    [exit 3]

    ## no stop
    --- stderr ---
    error: 9.0.1 is not a required stop: an upgrade that skips it would miss the squashed migrations
    hint: name it in `handover.yml`, before 9.0.1 is released: `required_stops: [9.0.1]`
    [exit 3]

    ## a change under way
    --- stderr ---
    error: change `rename_users_username_to_handle` begins in 9.0.0, and its contract is in 9.0.1: at 9.0.0 it is unfinished
    hint: name a release from 9.0.1 on in `required_stops`, and squash to that when it has been released
    [exit 3]

    ## build metadata
    --- stderr ---
    error: `--to` is not a valid release
    caused by: `9.1.0+build` has build metadata, which does not order releases
    hint: give a release such as `--to 9.0.0`
    [exit 2]

    ## a migration that the dump lacks
    --- stderr ---
    error: `schema.sqlite.sql` does not contain `release_migrations/9.0.1/20261121095000_later.sql`
    hint: make it again: `handover db dump --scratch --release 9.1.0`
    [exit 3]

    ## a migration that was edited
    --- stderr ---
    error: `release_migrations/9.0.1/20261121094000_late.sql` has changed since `schema.sqlite.sql` was made
    hint: restore it: `git checkout -- release_migrations/9.0.1/20261121094000_late.sql`
    [exit 2]

    ## settings of another layout
    --- stderr ---
    error: `handover.yml` is not one key a line, so `minimum_version` cannot be set in it
    hint: write `minimum_version: 9.1.0` there, then run the same command again
    [exit 2]

    ## an earlier stop
    --- stderr ---
    error: migrations up to 9.2.0 have been squashed already, and 9.1.0 is earlier
    hint: squash to a stop after 9.2.0
    [exit 2]
    ");
}
