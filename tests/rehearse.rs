//! `rehearse`: a command is run in every state that the app may meet.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use handover::Shim;
use insta::allow_duplicates;
use regex::Regex;
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};
use serde_json::Value;

use crate::support::app;
use crate::support::everything::{Seen, after, before};
use crate::support::project::{Db, Project};
use crate::support::reads;
use crate::support::wait::until;

/// The worked example, of whose tables no migration makes any.
fn project(db: Db) -> Project {
    let project = Project::bare(db);
    project.add_worked_example();
    project.version("9.0.0");
    project.write("handover.yml", "rehearse: { prepare: base.sql }\n");
    project.write("base.sql", &format!("{};\n{}", app::users(db), app::tables(db)));
    project
}

/// Arguments of `rehearse` that have a shell run a script, with our own command as `$1`.
fn script<'a>(options: &[&'a str], script: &'a str) -> Vec<&'a str> {
    let handover = env!("CARGO_BIN_EXE_handover");
    [&["rehearse"], options, &["--", "sh", "-c", script, "sh", handover]].concat()
}

const NOT_WHEN_READS_SWITCH: &str = r#"
    "$1" db status --json | grep -q '"state": "read_to"' || exit 0
    echo "it is $VERSION"; echo "reads have switched" >&2; exit 7"#;

#[test]
fn the_one_state_in_which_a_command_fails_is_found() {
    let took = Regex::new(r"\d+\.\d s").unwrap();
    for db in Db::ALL {
        let project = project(db);
        let before = project.traces();
        let output = project.handover(&script(&[], NOT_WHEN_READS_SWITCH)).expect_status(1);
        let output = took.replace_all(&output.to_string(), "[duration]").into_owned();
        assert!(project.traces() == before);
        if db == Db::Sqlite {
            insta::assert_snapshot!(output, @r"
    rehearsed
      release  state                                       result                took
      9.0.0    rename_users_username_to_handle pending     passed                [duration]
      9.0.0    rename_users_username_to_handle dual_write  passed                [duration]
      9.0.0    rename_users_username_to_handle read_to     failed with status 7  [duration]
      9.0.1    rename_users_username_to_handle contracted  passed                [duration]

    failed with status 7 at 9.0.0, rename_users_username_to_handle read_to:
     it is 9.0.0
     reads have switched
    --- stderr ---
    4 states to rehearse
    1 of 4: rename_users_username_to_handle pending, passed, in [duration]
    2 of 4: rename_users_username_to_handle dual_write, passed, in [duration]
    3 of 4: rename_users_username_to_handle read_to, failed with status 7, in [duration]
    4 of 4: rename_users_username_to_handle contracted, passed, in [duration]
    error: the command failed in 1 of 4 states
    hint: fix the code, so that it works in every state; the shim takes either name
    [exit 1]
    ");
        } else {
            // These have a state more.
            allow_duplicates!(insta::assert_snapshot!(output, @r"
    rehearsed
      release  state                                       result                took
      9.0.0    rename_users_username_to_handle pending     passed                [duration]
      9.0.0    rename_users_username_to_handle dual_write  passed                [duration]
      9.0.0    rename_users_username_to_handle read_to     failed with status 7  [duration]
      9.0.1    rename_users_username_to_handle write_to    passed                [duration]
      9.0.1    rename_users_username_to_handle contracted  passed                [duration]

    failed with status 7 at 9.0.0, rename_users_username_to_handle read_to:
     it is 9.0.0
     reads have switched
    --- stderr ---
    5 states to rehearse
    1 of 5: rename_users_username_to_handle pending, passed, in [duration]
    2 of 5: rename_users_username_to_handle dual_write, passed, in [duration]
    3 of 5: rename_users_username_to_handle read_to, failed with status 7, in [duration]
    4 of 5: rename_users_username_to_handle write_to, passed, in [duration]
    5 of 5: rename_users_username_to_handle contracted, passed, in [duration]
    error: the command failed in 1 of 5 states
    hint: fix the code, so that it works in every state; the shim takes either name
    [exit 1]
    "));
        }
    }
}

fn rehearsed(project: &Project, arguments: &[&str]) -> Vec<(String, Value, bool)> {
    let output = project.handover(arguments);
    let json: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{output}"));
    let all = json["rehearsed"].as_array().unwrap();
    let one = |at: &Value| {
        let version = at["version"].as_str().unwrap().to_owned();
        (version, at["states"].clone(), at["passed"].as_bool().unwrap())
    };
    all.iter().map(one).collect()
}

#[test]
fn two_changes_whose_lives_overlap_and_one_that_is_in_no_release() {
    let project = project(Db::Sqlite);
    for rename in [&["users.email", "mail", "--release", "9.0.1"][..], &["posts.title", "heading"]]
    {
        let _ = project.handover(&[&["gen", "rename"], rename].concat()).expect_status(0);
    }
    let fails_in_one = r#"
        "$1" db status --json | tr -d '\n ' >"$TMPDIR/$$"
        grep -q '"state":"dual_write".*"state":"contracted"' "$TMPDIR/$$" && exit 1; exit 0"#;
    let all = rehearsed(&project, &script(&["--jobs", "4", "--json"], fails_in_one));
    let states: Vec<String> = all
        .iter()
        .map(|(version, states, passed)| {
            let words: Vec<&str> =
                states.as_object().unwrap().values().map(|state| state.as_str().unwrap()).collect();
            format!("{version} {} {passed}", words.join(" "))
        })
        .collect();
    insta::assert_snapshot!(states.join("\n"), @r"
    9.0.0 pending pending pending true
    9.0.0 pending pending dual_write true
    9.0.0 pending pending read_to true
    9.0.1 pending dual_write read_to true
    9.0.1 pending read_to read_to true
    9.0.1 pending read_to contracted true
    9.0.2 pending contracted contracted true
    9.0.2 dual_write contracted contracted false
    9.0.2 read_to contracted contracted true
    9.0.2 contracted contracted contracted true
    ");
    // What the schema dump has is over.
    project.version("9.0.1");
    let _ = project.handover(&["db", "dump", "--scratch"]).expect_status(0);
    let all = rehearsed(&project, &script(&["--json"], "exit 0"));
    assert_eq!(all.len(), 7, "{all:?}");
    assert!(!all[0].1.to_string().contains("username"), "{all:?}");
}

/// As the tests of an app do that begin with `Migrator::fresh`.
#[test]
fn a_command_that_makes_its_database_anew_has_rehearsed_nothing() {
    let project = project(Db::Sqlite);
    let remove = r#"f=${DATABASE_URL#sqlite://}; rm -f "${f%%\?*}""#;
    let output = project.handover(&["rehearse", "--", "sh", "-c", remove]).expect_status(1);
    let nothing = "nothing rehearsed: the command dropped handover's tables";
    assert_eq!(output.stdout.matches(nothing).count(), 8, "{output}");
    let end = "error: the command failed in 4 of 4 states
hint: let the command use the database as it is: it is already migrated, to the state that is rehearsed
";
    assert!(output.stderr.ends_with(end), "{output}");
}

#[test]
fn a_rehearsal_that_cannot_be() {
    let project = project(Db::Sqlite);
    let mut text = String::new();
    for arguments in [
        &["rehearse"][..],
        &["rehearse", "--", "no-such-program"],
        &["rehearse", "--jobs", "0", "--", "true"],
        &["rehearse", "--database-url", "oracle://x", "--", "true"],
        &["rehearse", "--database-url", "postgres://app@127.0.0.1:1/app", "--", "true"],
    ] {
        let output = project.handover(arguments).to_string();
        writeln!(text, "## {}\n{output}", arguments[1..].join(" ")).unwrap();
    }
    insta::assert_snapshot!(text, @r"
    ## 
    --- stderr ---
    error: the following required arguments were not provided:
      <COMMAND>...

    Usage: handover rehearse -- <COMMAND>...

    For more information, try '--help'.
    [exit 2]
    ## -- no-such-program
    --- stderr ---
    4 states to rehearse
    error: `no-such-program` cannot be started
    caused by: No such file or directory (os error 2)
    hint: give a program that is in PATH: `handover rehearse -- cargo test`
    [exit 2]
    ## --jobs 0 -- true
    --- stderr ---
    error: invalid value '0' for '--jobs <N>': 0 is not in 1..=64

    For more information, try '--help'.
    [exit 2]
    ## --database-url oracle://x -- true
    --- stderr ---
    error: `oracle://x` is not a database URL that handover supports
    hint: use `sqlite://FILE?mode=rwc`, `postgres://USER@HOST/DATABASE` or `mysql://USER@HOST/DATABASE`
    [exit 2]
    ## --database-url postgres://app@127.0.0.1:1/app -- true
    --- stderr ---
    error: cannot connect to `postgres://app@127.0.0.1:1/app`: Connection refused (os error 111)
    hint: check that the database runs and that DATABASE_URL is right, then run the same command again
    [exit 1]
    ");
}

#[test]
fn an_interrupted_rehearsal_leaves_nothing() {
    for db in Db::ALL {
        let project = project(db);
        let script = script(
            &["--jobs", "2"],
            "sleep 600 & echo $$ >>pids; echo $! >>pids; echo $DATABASE_URL >>urls; wait",
        );
        let mut rehearsal =
            project.command(&script).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let lines = |file: &str| {
            let text = fs::read_to_string(project.root().join(file)).unwrap_or_default();
            text.lines().map(ToOwned::to_owned).collect::<Vec<_>>()
        };
        until("two runs have begun", || lines("urls").len() == 2);
        let id = rehearsal.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        assert_eq!(rehearsal.wait().unwrap().code(), Some(4));
        let is_there = |pid: &str| {
            let state = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            !state.is_empty() && !state.contains(") Z ")
        };
        for pid in lines("pids") {
            until("the children are gone", || !is_there(&pid));
        }
        let databases = match db {
            Db::Sqlite => Vec::new(),
            Db::Postgres => project.query("SELECT datname::text FROM pg_database"),
            Db::Mariadb => project.query("SELECT schema_name FROM information_schema.schemata"),
        };
        for url in lines("urls") {
            let path = url.split('?').next().unwrap().trim_start_matches("sqlite://");
            let name = path.rsplit('/').next().unwrap();
            assert!(!Path::new(path).exists() && !databases.iter().any(|at| at == name), "{url}");
        }
    }
}

/// A name for the next test's command line: the tests of an app, at whatever database it is given.
const APP: &str = "rehearse::the_tests_of_an_app";

/// The app of the tests, as its own tests would try it; `handover rehearse` runs this in every state.
#[tokio::test]
#[ignore = "runs in a rehearsal only, which says where the database is"]
async fn the_tests_of_an_app() {
    let url = std::env::var("DATABASE_URL").unwrap();
    let connect = async || {
        let mut options = ConnectOptions::new(&url);
        options.max_connections(5).sqlx_logging(false);
        Database::connect(options).await.unwrap()
    };
    if std::env::var_os("APP_WITHOUT_SHIM").is_some() {
        let plain: DatabaseConnection = connect().await;
        let sql = "INSERT INTO users (username) VALUES ('ada')";
        plain.execute_unprepared(sql).await.unwrap();
        return;
    }
    let version = std::env::var("VERSION").unwrap();
    let releases = handover::releases!("release_migrations");
    let db = Shim::builder(connect().await, releases).app_version(&version).start().await.unwrap();
    let seen = Names(db.clone());
    before::everything(&db, &seen).await.unwrap();
    after::everything(&db, &seen).await.unwrap();
    db.shutdown().await.unwrap();
}

/// What both kinds of code read.
struct Names(Shim);

impl Seen for Names {
    async fn names(&self, expect: &[&str]) {
        assert_eq!(reads::before::names(&self.0).await.unwrap(), expect, "as username");
        assert_eq!(reads::after::names(&self.0).await.unwrap(), expect, "as handle");
    }
}

#[test]
fn an_app_behind_the_shim_passes_in_every_state_and_one_without_does_not() {
    let tests = std::env::current_exe().unwrap();
    for db in Db::ALL {
        let project = project(db);
        let rehearse = |with_shim: bool| {
            let tests = tests.to_str().unwrap();
            let arguments = ["rehearse", "--", tests, "--exact", APP, "--ignored"];
            let mut command = project.command(&arguments);
            if !with_shim {
                command.env("APP_WITHOUT_SHIM", "1");
            }
            let output = command.output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            (output.status.code(), said.matches("  passed  ").count(), said)
        };
        let states = if db == Db::Sqlite { 4 } else { 5 };
        let (status, passed, said) = rehearse(true);
        assert_eq!((status, passed), (Some(0), states), "{db:?}: {said}");
        // It lives until reads switch: from then on the guard is on.
        let (status, passed, said) = rehearse(false);
        assert_eq!((status, passed), (Some(1), 2), "{db:?}: {said}");
        assert!(said.contains("handover guard"), "{said}");
    }
}
