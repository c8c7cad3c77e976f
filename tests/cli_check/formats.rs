//! `check --format`: the same findings for people and for programs.

use std::fs;

use serde_json::Value;

use super::{check, example};
use crate::support::project::{Output, Project};
use crate::support::spoil::{CONTRACT, edit};

/// A project with a problem at a line and a column, two problems without, and a warning.
fn four_findings() -> Project {
    let project = example("9.0.1");
    edit(&project, CONTRACT, "rename:", "c%lour: red\nrename:");
    project.write("unreleased/29990101000000_x.sql", "SELECT 1");
    project.write("unreleased/29990101000001_y.sql", "-- nothing");
    project
}

fn parsed(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"))
}

#[test]
fn human() {
    insta::assert_snapshot!(check(&four_findings(), &[]), @r"
    --- stderr ---
    problem: release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml:2:1: unknown field `c%lour`, expected one of id, change, stage, deploy, after, rename, rename_in_place, drop, retype
    hint: correct the file, then run `handover check`
    problem: `unreleased/29990101000000_x.sql` was made in the future: [time]
    hint: generate `unreleased/29990101000000_x.sql` again, or give it an id of today
    problem: `unreleased/29990101000001_y.sql` was made in the future: [time]
    hint: generate `unreleased/29990101000001_y.sql` again, or give it an id of today
    warning: `unreleased/29990101000001_y.sql` has no statement
    hint: write its statements, or remove `unreleased/29990101000001_y.sql`
    error: 3 problems in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ");
}

#[test]
fn json() {
    let output = check(&four_findings(), &["--format", "json"]);
    insta::assert_snapshot!(output, @r#"
    {
      "files": 5,
      "findings": [
        {
          "code": "malformed-file",
          "column": 1,
          "hint": "correct the file, then run `handover check`",
          "line": 2,
          "message": "release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml:2:1: unknown field `c%lour`, expected one of id, change, stage, deploy, after, rename, rename_in_place, drop, retype",
          "path": "release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml",
          "severity": "error"
        },
        {
          "code": "future-timestamp",
          "column": null,
          "hint": "generate `unreleased/29990101000000_x.sql` again, or give it an id of today",
          "line": null,
          "message": "`unreleased/29990101000000_x.sql` was made in the future: [time]",
          "path": "unreleased/29990101000000_x.sql",
          "severity": "error"
        },
        {
          "code": "future-timestamp",
          "column": null,
          "hint": "generate `unreleased/29990101000001_y.sql` again, or give it an id of today",
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
    hint: fix the files, then run `handover check` again
    [exit 2]
    "#);
    let _ = parsed(&output);
}

#[test]
fn annotations_of_github() {
    let output = check(&four_findings(), &["--format", "github", "--labels"]);
    insta::assert_snapshot!(output, @r"
    ::error file=release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml,line=2,col=1,title=handover%3A malformed-file::release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml:2:1: unknown field `c%25lour`, expected one of id, change, stage, deploy, after, rename, rename_in_place, drop, retype%0Ahint: correct the file, then run `handover check`
    ::error file=unreleased/29990101000000_x.sql,title=handover%3A future-timestamp::`unreleased/29990101000000_x.sql` was made in the future: [time]%0Ahint: generate `unreleased/29990101000000_x.sql` again, or give it an id of today
    ::error file=unreleased/29990101000001_y.sql,title=handover%3A future-timestamp::`unreleased/29990101000001_y.sql` was made in the future: [time]%0Ahint: generate `unreleased/29990101000001_y.sql` again, or give it an id of today
    ::warning file=unreleased/29990101000001_y.sql,title=handover%3A no-statement::`unreleased/29990101000001_y.sql` has no statement%0Ahint: write its statements, or remove `unreleased/29990101000001_y.sql`
    database-changes
    --- stderr ---
    error: 3 problems in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]
    ");
}

/// What the published schema of SARIF 2.1.0 requires of the objects that are used.
#[test]
fn sarif() {
    let output = check(&four_findings(), &["--format", "sarif"]).expect_status(2);
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

/// A project in which `check` cannot go on. What it tells GitHub; the other forms can be parsed.
fn unreadable(spoil: impl FnOnce(&Project)) -> String {
    let project = example("9.0.0");
    spoil(&project);
    for format in ["sarif", "json"] {
        let _ = parsed(&check(&project, &["--format", format]).expect_status(2));
    }
    check(&project, &["--format", "github"]).expect_status(2).stdout
}

#[test]
fn settings_that_cannot_be_read_is_a_finding() {
    let found = unreadable(|project| project.write("handover.yml", "x: 1"));
    insta::assert_snapshot!(found, @"::error file=handover.yml,line=1,col=1,title=handover%3A malformed-settings::handover.yml:1:1: unknown field `x`, expected one of app, folders, lock, backfill, release, acknowledgement_patience, required_stops, minimum_version, upgrade_budget, allow, rehearse, check%0Ahint: correct the settings, then run `handover check`");
}

#[test]
fn a_file_that_does_not_belong_there_is_a_finding() {
    let found = unreadable(|project| project.write("unreleased/notes.txt", ""));
    insta::assert_snapshot!(found, @r"::error file=unreleased/notes.txt,title=handover%3A misplaced-file::`unreleased/notes.txt` is not a migration; its name must be `<timestamp>_<name>` of at most 17 digits and of `a-z`, `0-9` and `_`, and end in `.expand.yml`, `.backfill.yml`, `.contract.yml`, `.sql`, `.post.sql` or `.slot.yml`%0Ahint: rename or move `unreleased/notes.txt`, then run `handover check`
    ");
}

#[test]
fn a_file_that_is_not_utf_8_is_a_finding() {
    let found = unreadable(|project| {
        fs::write(project.root().join("unreleased/1_x.sql"), b"\xff").unwrap();
    });
    insta::assert_snapshot!(found, @r"::error file=unreleased/1_x.sql,title=handover%3A unreadable::`unreleased/1_x.sql` is not UTF-8 text%0Ahint: correct `unreleased/1_x.sql`, then run `handover check`
    ");
}
