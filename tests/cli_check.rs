//! `check`: every rule that needs no database, the forms of its output, the labels.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::support::project::{Db, Output, Project};
use crate::support::spoil::{BACKFILL, CONTRACT, EXPAND, edit, remove};

type Way<'a> = (&'a str, &'a dyn Fn(&Project));

/// What `check` says in each of the projects, in which nothing changes by it.
fn said(release: &str, arguments: &[&str], ways: &[Way<'_>]) -> String {
    let mut text = String::new();
    for (way, spoil) in ways {
        let project = Project::worked_example(Db::Sqlite, release);
        spoil(&project);
        let before = project.traces();
        let output = project.handover(&[&["check"], arguments].concat());
        assert!(project.traces() == before, "{way} has changed something:\n{output}");
        writeln!(text, "## {way}\n{output}").unwrap();
    }
    text
}

#[test]
fn time_and_stops() {
    let said = said(
        "9.0.0",
        &[],
        &[
            ("in the future", &|at| at.write("unreleased/29990101000000_x.sql", "SELECT 1")),
            ("before the last stop", &|at| {
                at.write("unreleased/7_x.sql", "SELECT 1");
                at.write("handover.yml", "required_stops: [9.0.0, 9.0.1]");
            }),
            ("stops that are none", &|at| {
                at.write("handover.yml", "required_stops: [8.0.0, 9.5.0]");
            }),
            ("no statement", &|at| at.write("unreleased/7_x.sql", "-- nothing\n")),
            ("after what is not there", &|at| {
                at.write("unreleased/7_x.sql", "-- after: nothing\nSELECT 1");
            }),
            ("after what is done later", &|at| {
                let sql = "-- after: rename_users_username_to_handle\nSELECT 1";
                at.write("release_migrations/9.0.0/7_x.sql", sql);
            }),
        ],
    );
    insta::assert_snapshot!(said, @r"
    ## in the future
    --- stderr ---
    problem: `unreleased/29990101000000_x.sql` was made in the future: [time]
    hint: generate `unreleased/29990101000000_x.sql` anew, or give it the id of today
    error: 1 problem in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ## before the last stop
    --- stderr ---
    problem: `unreleased/7_x.sql` was made before `release_migrations/9.0.0/20261121093001_rename_users_username_to_handle.backfill.yml` of 9.0.0, which no upgrade skips
    hint: generate `unreleased/7_x.sql` anew, or give it the id of today
    error: 1 problem in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ## stops that are none
    --- stderr ---
    problem: `required_stops` names 8.0.0, but the first migrations are of 9.0.0
    hint: correct `required_stops` in `handover.yml`, then run `handover check`
    warning: `required_stops` names 9.5.0, of which there are no migrations
    hint: make sure that 9.5.0 was released, or correct `required_stops` in `handover.yml`
    error: 1 problem in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ## no statement
    4 migration files, no problem, 1 warning
    --- stderr ---
    warning: `unreleased/7_x.sql` has no statement
    hint: write its statements, or remove `unreleased/7_x.sql`
    [exit 0]
    ## after what is not there
    --- stderr ---
    problem: `unreleased/7_x.sql` has to run after `nothing`, which is not there
    hint: correct `after`; if it is a Rust function, check with the app's own command
    error: 1 problem in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ## after what is done later
    --- stderr ---
    problem: `release_migrations/9.0.0/7_x.sql` has to run after `rename_users_username_to_handle`, which is done later, by `release_migrations/9.0.0/20261121093001_rename_users_username_to_handle.backfill.yml`
    hint: move `release_migrations/9.0.0/7_x.sql` to a release in which `rename_users_username_to_handle` is done before
    error: 1 problem in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ");
}

#[test]
fn what_is_old_is_a_warning_that_may_count() {
    let project = Project::new(Db::Sqlite);
    project.write("unreleased/20200101000000_x.sql", "SELECT 1");
    let output = project.handover(&["check"]).expect_status(0);
    assert!(output.stdout.contains("1 migration file, no problem, 1 warning"), "{output}");
    assert!(output.stderr.contains("days old and in no release"), "{output}");
    let _ = project.handover(&["check", "--strict"]).expect_status(2);
    project.write("handover.yml", "check: { max_age: 3650days }");
    let _ = project.handover(&["check", "--strict"]).expect_status(0);
}

/// A schema dump with the files that are there, and one that is not.
fn dump(project: &Project) -> String {
    let mut text =
        String::from("-- handover schema dump, format 1, sqlite\n-- at release 9.0.0\n\n");
    let mut line = |id: &str, release: &str, bytes: &[u8], file: &str| {
        let checksum = base16ct::lower::encode_string(&Sha256::digest(bytes));
        writeln!(text, "-- migration {id} {release} sha256:{checksum} {file}").unwrap();
    };
    line("7", "8.0.0", b"SELECT 1", "gone.sql");
    for path in [EXPAND, BACKFILL] {
        let bytes = std::fs::read(project.root().join(path)).unwrap();
        let (id, file) = path.rsplit('/').next().unwrap().split_once('_').unwrap();
        line(id, "9.0.0", &bytes, file);
    }
    text
}

/// Adds a file to release 8.0.0, whose schema was dumped without it.
fn join_late(at: &Project) {
    at.write("schema.sqlite.sql", &dump(at).replace("-- migration 7", "-- migration 8"));
    at.write("handover.yml", "minimum_version: 8.0.0");
    at.write("release_migrations/8.0.0/7_late.sql", "SELECT 1");
}

#[test]
fn released_files_are_those_of_the_dump() {
    let said = said(
        "9.0.0",
        &[],
        &[
            ("removed behind the minimum version", &|at| {
                at.write("schema.sqlite.sql", &dump(at));
                at.write("handover.yml", "minimum_version: 8.0.0");
            }),
            ("removed", &|at| {
                at.write("schema.sqlite.sql", &dump(at));
                at.write("handover.yml", "minimum_version: 7.0.0");
            }),
            ("edited", &|at| {
                at.write("schema.sqlite.sql", &dump(at));
                at.write("handover.yml", "minimum_version: 9.0.0");
                edit(at, EXPAND, "# Stage 1", "# The first stage");
            }),
            ("told once", &|at| {
                let dump = dump(at);
                at.write("schema.sqlite.sql", &dump);
                at.write("schema.postgres.sql", &dump.replace("1, sqlite", "1, postgres"));
            }),
            ("joined a release that was dumped", &|at| {
                join_late(at);
                at.write("release_migrations/9.0.1/20261121093009_next.sql", "SELECT 1");
            }),
            ("moved to an older line", &|at| {
                join_late(at);
                at.write(
                    "release_migrations/9.0.0/20261101000000_place.slot.yml",
                    "id: 20261101000000\nslot: 9.0.0\ntaken_by: { migration: 7, release: 8.0.0 }\n",
                );
            }),
            ("no dump", &|at| at.write("schema.mariadb.sql", "CREATE TABLE users (id int)")),
        ],
    );
    insta::assert_snapshot!(said, @r"
    ## removed behind the minimum version
    3 migration files, no problem
    [exit 0]
    ## removed
    --- stderr ---
    problem: `7_gone.sql` of 8.0.0 is in `schema.sqlite.sql`, but its file is gone, and a database of an earlier release still has to run it
    hint: restore the file from version control; `handover release squash` removes what no database needs any more
    error: 1 problem in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ## edited
    --- stderr ---
    problem: `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml` has changed since `schema.sqlite.sql` was made with it
    hint: restore it: `git checkout -- release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml`
    error: 1 problem in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ## told once
    --- stderr ---
    problem: `7_gone.sql` of 8.0.0 is in `schema.sqlite.sql`, but its file is gone, and a database of an earlier release still has to run it
    hint: restore the file from version control; `handover release squash` removes what no database needs any more
    error: 1 problem in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ## joined a release that was dumped
    --- stderr ---
    problem: `release_migrations/8.0.0/7_late.sql` is not in `schema.sqlite.sql`, which was made at 9.0.0: it came into its release later
    hint: move it to `unreleased/`; or, if that release is not out yet, make the dump again with `handover db dump --scratch`
    error: 1 problem in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ## moved to an older line
    5 migration files, no problem
    [exit 0]
    ## no dump
    --- stderr ---
    problem: schema.mariadb.sql:1:1: a schema dump begins with `-- handover schema dump, format 1, sqlite`
    hint: restore the file, or make it anew: `handover db dump`
    error: 1 problem in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ");
}

#[test]
fn nothing_begins_after_the_target() {
    let said = said(
        "9.0.0",
        &["--target", "9.0.1"],
        &[
            ("contract of what has begun", &|_| {}),
            ("plain SQL", &|at| at.write("release_migrations/9.1.0/7_x.sql", "SELECT 1")),
            ("plain SQL afterwards", &|at| {
                at.write("release_migrations/9.1.0/7_x.post.sql", "SELECT 1");
            }),
            ("a change", &|at| {
                let rename = ["gen", "rename", "posts.a", "b", "--release", "9.1.0"];
                let _ = at.handover(&rename).expect_status(0);
                for path in std::fs::read_dir(at.root().join("release_migrations/9.1.0")).unwrap() {
                    let path = path.unwrap().path();
                    let name = path.file_name().unwrap().to_str().unwrap();
                    let at_ = if name.contains("expand") { "6" } else { "7" };
                    let (id, rest) = name.split_once('_').unwrap();
                    let text = std::fs::read_to_string(&path).unwrap();
                    let text = text.replace(id, at_);
                    at.write(&format!("release_migrations/9.1.0/{at_}_{rest}"), &text);
                    std::fs::remove_file(&path).unwrap();
                }
            }),
            ("app further on", &|at| at.version("9.1.0")),
        ],
    );
    insta::assert_snapshot!(said, @r"
    ## contract of what has begun
    3 migration files, no problem
    [exit 0]
    ## plain SQL
    --- stderr ---
    problem: `release_migrations/9.1.0/7_x.sql` begins in 9.1.0, but the next release is 9.0.1, and what is merged now runs with it
    hint: move it to `unreleased/`, for the next cut, or merge it after 9.0.1 is cut
    error: 1 problem in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ## plain SQL afterwards
    4 migration files, no problem
    [exit 0]
    ## a change
    --- stderr ---
    problem: `release_migrations/9.1.0/6_rename_posts_a_to_b.expand.yml` begins in 9.1.0, but the next release is 9.0.1, and what is merged now runs with it
    hint: move it to `unreleased/`, for the next cut, or merge it after 9.0.1 is cut
    error: 1 problem in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ## app further on
    --- stderr ---
    error: `--target 9.0.1` is before 9.1.0, the app's release
    hint: give the next release, such as `--target 9.1.1`
    [exit 2]
    ");
}

#[test]
fn code_that_names_a_column_by_its_former_name() {
    fn code(at: &Project) {
        at.write("src/users.rs", "// username\nfn f() {\n    g(\"username\");\n}\n");
        at.write("src/web/page.html", "<b>{{ user.username }}</b>\n");
        at.write("src/old.rs", "let x = Column::Username; // handover:allow\n");
        at.write(".gitignore", "generated.rs\n");
        at.write("src/generated.rs", "username");
    }
    let found = said(
        "9.0.1",
        &[],
        &[
            ("from the contract on", &code),
            ("other folders", &|at| {
                code(at);
                at.write("handover.yml", "check: { code: [.] }");
                at.write("lib/a.rs", "Column::Username\n");
            }),
            ("a folder that is not there", &|at| {
                at.write("handover.yml", "check: { code: [source] }");
            }),
        ],
    );
    insta::assert_snapshot!(found, @r"
    ## from the contract on
    3 migration files, no problem, 2 warnings
    --- stderr ---
    warning: src/users.rs:3:8: `username` is named, but the column `username` of `users` is `handle` since 9.0.1
    hint: say `handle`, or write `handover:allow` in a comment on the line
    warning: src/web/page.html:1:12: `username` is named, but the column `username` of `users` is `handle` since 9.0.1
    hint: say `handle`, or write `handover:allow` in a comment on the line
    [exit 0]
    ## other folders
    3 migration files, no problem, 3 warnings
    --- stderr ---
    warning: lib/a.rs:1:9: `Username` is named, but the column `username` of `users` is `handle` since 9.0.1
    hint: say `handle`, or write `handover:allow` in a comment on the line
    warning: src/users.rs:3:8: `username` is named, but the column `username` of `users` is `handle` since 9.0.1
    hint: say `handle`, or write `handover:allow` in a comment on the line
    warning: src/web/page.html:1:12: `username` is named, but the column `username` of `users` is `handle` since 9.0.1
    hint: say `handle`, or write `handover:allow` in a comment on the line
    [exit 0]
    ## a folder that is not there
    --- stderr ---
    error: cannot read `source`
    caused by: IO error for operation on ./source: No such file or directory (os error 2)
    hint: make `source` readable
    [exit 2]
    ");
    let before = said("9.0.0", &["--strict"], &[("before the contract", &code)]);
    assert!(before.contains("no problem\n[exit 0]"), "{before}");
    let target = said("9.0.0", &["--target", "9.0.1"], &[("on the way to it", &code)]);
    assert!(target.contains("src/users.rs:3:8"), "{target}");
}

/// A project with an error, an error with a place, and a warning.
fn three() -> Project {
    let project = Project::worked_example(Db::Sqlite, "9.0.1");
    edit(&project, CONTRACT, "stage: contract", "stage: c%ntract");
    project.write("unreleased/29990101000000_x.sql", "SELECT 1");
    project.write("unreleased/29990101000001_y.sql", "-- nothing");
    project
}

fn parsed(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"))
}

#[test]
fn as_json() {
    let output = three().handover(&["check", "--format", "json"]).expect_status(2);
    insta::assert_snapshot!(output, @r#"
    {
      "files": 5,
      "findings": [
        {
          "code": "malformed-file",
          "column": 8,
          "hint": "correct the file, then run `handover check`",
          "line": 4,
          "message": "release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml:4:8: `c%ntract` is no stage; use `expand`, `backfill` or `contract`",
          "path": "release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml",
          "severity": "error"
        },
        {
          "code": "future-timestamp",
          "column": null,
          "hint": "generate `unreleased/29990101000000_x.sql` anew, or give it the id of today",
          "line": null,
          "message": "`unreleased/29990101000000_x.sql` was made in the future: [time]",
          "path": "unreleased/29990101000000_x.sql",
          "severity": "error"
        },
        {
          "code": "future-timestamp",
          "column": null,
          "hint": "generate `unreleased/29990101000001_y.sql` anew, or give it the id of today",
          "line": null,
          "message": "`unreleased/29990101000001_y.sql` was made in the future: [time]",
          "path": "unreleased/29990101000001_y.sql",
          "severity": "error"
        },
        {
          "code": "no-statement",
          "column": null,
          "hint": "write its statements, or remove `unreleased/29990101000001_y.sql`",
          "line": null,
          "message": "`unreleased/29990101000001_y.sql` has no statement",
          "path": "unreleased/29990101000001_y.sql",
          "severity": "warning"
        }
      ],
      "labels": [
        {
          "because": "`unreleased/29990101000000_x.sql` is not yet released",
          "name": "database-changes"
        }
      ]
    }
    --- stderr ---
    error: 3 problems in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    "#);
    let _ = parsed(&output);
}

#[test]
fn as_annotations_of_github() {
    let output = three().handover(&["check", "--format", "github", "--labels"]).expect_status(2);
    insta::assert_snapshot!(output, @r"
    ::error file=release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml,line=4,col=8,title=handover%3A malformed-file::release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml:4:8: `c%25ntract` is no stage; use `expand`, `backfill` or `contract`%0Ahint: correct the file, then run `handover check`
    ::error file=unreleased/29990101000000_x.sql,title=handover%3A future-timestamp::`unreleased/29990101000000_x.sql` was made in the future: [time]%0Ahint: generate `unreleased/29990101000000_x.sql` anew, or give it the id of today
    ::error file=unreleased/29990101000001_y.sql,title=handover%3A future-timestamp::`unreleased/29990101000001_y.sql` was made in the future: [time]%0Ahint: generate `unreleased/29990101000001_y.sql` anew, or give it the id of today
    ::warning file=unreleased/29990101000001_y.sql,title=handover%3A no-statement::`unreleased/29990101000001_y.sql` has no statement%0Ahint: write its statements, or remove `unreleased/29990101000001_y.sql`
    database-changes
    --- stderr ---
    error: 3 problems in the migration files
    hint: mend the files, then run `handover check` again
    [exit 2]
    ");
}

/// What the published schema of SARIF 2.1.0 requires of the objects that are used.
#[test]
fn as_sarif() {
    let output = three().handover(&["check", "--format", "sarif"]).expect_status(2);
    let log = parsed(&output);
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().ends_with("/sarif-2.1.0.json"));
    let [run] = log["runs"].as_array().unwrap().as_slice() else { panic!("{log}") };
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "handover");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = driver["rules"].as_array().unwrap();
    let level =
        |value: &Value| matches!(value.as_str(), Some("none" | "note" | "warning" | "error"));
    for rule in rules {
        assert!(rule["id"].is_string() && rule["shortDescription"]["text"].is_string(), "{rule}");
        assert!(level(&rule["defaultConfiguration"]["level"]), "{rule}");
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 4);
    for result in results {
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(level(&result["level"]), "{result}");
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[rule]["id"], result["ruleId"]);
        for place in result["locations"].as_array().unwrap() {
            let place = &place["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(!uri.starts_with('/') && !uri.contains(['\\', ' ']), "{uri}");
            if let Some(region) = place.get("region") {
                assert!(region["startLine"].as_u64() >= Some(1), "{region}");
                assert!(region["startColumn"].as_u64() >= Some(1), "{region}");
            }
        }
    }
    let regions =
        results.iter().filter(|at| at.pointer("/locations/0/physicalLocation/region").is_some());
    assert_eq!(regions.count(), 1);
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    assert_eq!(log["$schema"], schema);
}

#[test]
fn what_cannot_be_read_at_all_is_a_finding_to_programs() {
    let mut text = String::new();
    for (way, spoil) in [
        ("settings", &(|at: &Project| at.write("handover.yml", "x: 1")) as &dyn Fn(&Project)),
        ("stray file", &|at| at.write("unreleased/notes.txt", "")),
        ("not UTF-8", &|at| {
            std::fs::write(at.root().join("unreleased/1_x.sql"), b"\xff").unwrap();
        }),
    ] {
        let project = Project::worked_example(Db::Sqlite, "9.0.0");
        spoil(&project);
        let output = project.handover(&["check", "--format", "github"]).expect_status(2);
        writeln!(text, "## {way}\n{}", output.stdout).unwrap();
        let _ = parsed(&project.handover(&["check", "--format", "sarif"]).expect_status(2));
        let _ = parsed(&project.handover(&["check", "--format", "json"]).expect_status(2));
    }
    insta::assert_snapshot!(text, @r"
    ## settings
    ::error file=handover.yml,line=1,col=1,title=handover%3A malformed-settings::handover.yml:1:1: unknown field `x`, expected one of folders, lock, backfill, acknowledgement_patience, required_stops, minimum_version, upgrade_budget, allow, rehearse, check%0Ahint: correct the settings, then run `handover check`

    ## stray file
    ::error file=unreleased/notes.txt,title=handover%3A misplaced-file::`unreleased/notes.txt` is no migration; its name must be `<timestamp>_<name>` of at most 17 digits and of `a-z`, `0-9` and `_`, and end in `.expand.yml`, `.backfill.yml`, `.contract.yml`, `.sql`, `.post.sql` or `.slot.yml`%0Ahint: rename or move `unreleased/notes.txt`, then run `handover check`

    ## not UTF-8
    ::error file=unreleased/1_x.sql,title=handover%3A unreadable::`unreleased/1_x.sql` is not UTF-8 text%0Ahint: correct `unreleased/1_x.sql`, then run `handover check`
    ");
}

#[test]
fn labels() {
    let labels = |arguments: &[&str], spoil: &dyn Fn(&Project)| {
        let project = Project::worked_example(Db::Sqlite, "8.17.0");
        spoil(&project);
        let output = project.handover(&[&["check", "--labels"], arguments].concat());
        output.expect_status(0).stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let sql = |sql: &'static str| move |at: &Project| at.write("unreleased/7_x.sql", sql);
    assert!(labels(&[], &|_| {}).is_empty());
    assert_eq!(labels(&["--target", "9.0.0"], &|_| {}), ["database-changes", "required-stop"]);
    assert_eq!(labels(&["--target", "9.0.1"], &|_| {}), ["database-changes"]);
    assert_eq!(labels(&[], &sql("CREATE TABLE posts (id integer)")), ["database-changes"]);
    let slow = ["database-changes", "needs-downtime"];
    assert_eq!(labels(&[], &sql("CREATE INDEX i ON users (email)")), slow);
    assert_eq!(labels(&[], &sql("CREATE INDXE")), slow);
    let renamed = labels(&[], &|at| {
        let _ = at.handover(&["gen", "rename", "posts.a", "b"]).expect_status(0);
    });
    assert_eq!(renamed, ["database-changes", "required-stop"]);
    // A place that is kept is nothing.
    let reserved = labels(&["--target", "10.0.0"], &|at| {
        let _ = at.handover(&["gen", "reserve", "--release", "10.0.0"]).expect_status(0);
    });
    assert!(reserved.is_empty());
}

#[test]
fn what_is_typed_wrong() {
    let said = [&["--target", "v9"][..], &["--target", "9.0.0+b"], &["--format", "xml"], &["x"]]
        .map(|arguments| said("9.0.0", arguments, &[(&arguments.join(" "), &|_| {})]))
        .concat();
    insta::assert_snapshot!(said, @r"
    ## --target v9
    --- stderr ---
    error: `--target` is no release
    caused by: `v9` is not a version of the form `9.0.0`
    caused by: unexpected character 'v' while parsing major version number
    hint: give a release such as `--target 9.0.0`
    [exit 2]
    ## --target 9.0.0+b
    --- stderr ---
    error: `--target` is no release
    caused by: `9.0.0+b` has build metadata, which does not order releases
    hint: give a release such as `--target 9.0.0`
    [exit 2]
    ## --format xml
    --- stderr ---
    error: invalid value 'xml' for '--format <FORMAT>'
      [possible values: human, json, sarif, github]

    For more information, try '--help'.
    [exit 2]
    ## x
    --- stderr ---
    error: unexpected argument 'x' found

    Usage: handover check [OPTIONS]

    For more information, try '--help'.
    [exit 2]
    ");
    let project = Project::new(Db::Sqlite);
    remove(&project, "VERSION");
    let _ = project.handover(&["check"]).expect_status(0);
    project.write("VERSION", "v9\n");
    let _ = project.handover(&["check"]).expect_status(2);
}
