//! `gen sql`: an empty migration for plain SQL, and what is refused.

use std::fmt::Write as _;
use std::fs;

use regex::Regex;

use crate::support::project::{Db, Output, Project};

impl Project {
    fn generate_sql(&self, arguments: &[&str]) -> Output {
        self.handover(&[&["gen", "sql"], arguments].concat())
    }
}

/// The output without the time in the names.
fn said(output: &Output) -> String {
    Regex::new(r"\b2\d{13}").unwrap().replace_all(&output.to_string(), "[id]").into_owned()
}

/// The files that were written and their text, without the time in their names.
fn written(project: &Project) -> String {
    let id = Regex::new(r"\b2\d{13}").unwrap();
    let mut text = String::new();
    for (path, bytes) in project.traces().into_iter().filter(|(path, _)| id.is_match(path)) {
        let path = id.replace_all(&path, "[id]");
        writeln!(text, "## {path}\n{}", String::from_utf8(bytes).unwrap()).unwrap();
    }
    text
}

#[test]
fn before_and_after_the_roll_out_in_a_release_and_in_none() {
    let project = Project::new(Db::Sqlite);
    let output = project.generate_sql(&["add_posts"]).expect_status(0);
    insta::assert_snapshot!(said(&output), @r"
    wrote unreleased/[id]_add_posts.sql
    next: write its statements into unreleased/[id]_add_posts.sql, then handover check
    [exit 0]
    ");
    let _ = project.generate_sql(&["drop_drafts", "--post", "--release", "9.0.1"]).expect_status(0);
    insta::assert_snapshot!(written(&project), @r"
    ## release_migrations/9.0.1/[id]_drop_drafts.post.sql
    -- drop_drafts. Runs once every process runs 9.0.1.
    -- Change only what that code does not need any more, or does not notice.
    -- The file runs in one transaction (MariaDB: each schema change commits by itself). It cannot be rolled back.


    ## unreleased/[id]_add_posts.sql
    -- add_posts. Runs before its release is rolled out, while the code of the previous release runs.
    -- Change only what that code does not notice: for example a new table, a nullable column or new rows.
    -- The file runs in one transaction (MariaDB: each schema change commits by itself). It cannot be rolled back.
    ");
    let _ = project.handover(&["check"]).expect_status(0);
}

#[test]
fn what_is_written_runs() {
    let project = Project::new(Db::Sqlite);
    let _ = project.generate_sql(&["add_posts", "--release", "1.0.0"]).expect_status(0);
    let folder = project.root().join("release_migrations/1.0.0");
    let file = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text + "CREATE TABLE posts (id integer);\n").unwrap();
    let _ = project.handover(&["db", "migrate"]).expect_status(0);
    assert_eq!(project.query("SELECT cast(count(*) AS text) FROM posts"), ["0"]);
}

#[test]
fn several_within_a_second_do_not_meet() {
    let project = Project::new(Db::Sqlite);
    for name in ["a", "b", "a", "c"] {
        let _ = project.generate_sql(&[name]).expect_status(0);
    }
    let _ = project.handover(&["gen", "rename", "users.username", "handle"]).expect_status(0);
    let _ = project.generate_sql(&["d"]).expect_status(0);
    let _ = project.handover(&["check"]).expect_status(0);
}

#[test]
fn a_project_has_templates_of_its_own() {
    let project = Project::new(Db::Sqlite);
    project.write("generator_templates/sql/post.sql", "-- {{ id }} {{ name }} {{ deploy }}\n");
    let _ = project.generate_sql(&["a", "--post"]).expect_status(0);
    let _ = project.generate_sql(&["b"]).expect_status(0);
    let text = written(&project);
    assert!(text.contains("-- 2") && text.contains(" a post\n"), "{text}");
    assert!(text.contains("-- b. Runs before its release"), "{text}");
    project.write("generator_templates/sql/post.sql", "-- {{ nmae }}\n");
    let before = project.traces();
    let output = project.generate_sql(&["c", "--post"]).expect_status(2);
    assert!(project.traces() == before);
    insta::assert_snapshot!(output, @r"
    --- stderr ---
    error: generator_templates/sql/post.sql:1: the template cannot be rendered
    caused by: undefined value: `nmae` is undefined (in generator_templates/sql/post.sql:1)
    hint: correct `generator_templates/sql/post.sql`, or remove it to use the embedded template
    [exit 2]
    ");
}

#[test]
fn what_is_refused_writes_nothing() {
    let long = "h".repeat(121);
    let mut text = String::new();
    for arguments in [
        &["Add Posts!"][..],
        &[""],
        &["имя"],
        &["../../x"],
        &[&long],
        &["rename_users_email_to_mail"],
        &["a", "--release", "v9"],
        &["a", "--release", "9.0.0+build"],
        &[],
    ] {
        let project = Project::new(Db::Sqlite);
        let _ = project.handover(&["gen", "rename", "users.email", "mail"]).expect_status(0);
        let before = project.traces();
        let output = project.generate_sql(arguments).expect_status(2);
        assert!(project.traces() == before, "{output}");
        writeln!(text, "## {}\n{}", arguments.join(" ").replace(&long, "h…"), said(&output))
            .unwrap();
    }
    insta::assert_snapshot!(text, @r"
    ## Add Posts!
    --- stderr ---
    error: `Add Posts!` is not a valid migration name; use 1 to 120 lower-case letters, digits or `_`
    hint: choose another name: `handover gen sql add_posts`
    [exit 2]
    ## 
    --- stderr ---
    error: `` is not a valid migration name; use 1 to 120 lower-case letters, digits or `_`
    hint: choose another name: `handover gen sql add_index`
    [exit 2]
    ## имя
    --- stderr ---
    error: `имя` is not a valid migration name; use 1 to 120 lower-case letters, digits or `_`
    hint: choose another name: `handover gen sql add_index`
    [exit 2]
    ## ../../x
    --- stderr ---
    error: `../../x` is not a valid migration name; use 1 to 120 lower-case letters, digits or `_`
    hint: choose another name: `handover gen sql x`
    [exit 2]
    ## h…
    --- stderr ---
    error: `hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh` is not a valid migration name; use 1 to 120 lower-case letters, digits or `_`
    hint: choose another name: `handover gen sql hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh_44de31df`
    [exit 2]
    ## rename_users_email_to_mail
    --- stderr ---
    error: `rename_users_email_to_mail` is already the name of a change (`unreleased/[id]_rename_users_email_to_mail.expand.yml`)
    hint: choose another name: `handover gen sql NAME`
    [exit 2]
    ## a --release v9
    --- stderr ---
    error: `--release` is not a valid release
    caused by: `v9` is not a version of the form `9.0.0`
    hint: give a release such as `--release 9.0.0`, or set `release: { scheme: sequence }` in `handover.yml` if releases are numbered that way
    [exit 2]
    ## a --release 9.0.0+build
    --- stderr ---
    error: `--release` is not a valid release
    caused by: `9.0.0+build` has build metadata, which does not order releases
    hint: give a release such as `--release 9.0.0`
    [exit 2]
    ## 
    --- stderr ---
    error: the following required arguments were not provided:
      <NAME>

    Usage: handover gen sql <NAME>

    For more information, try '--help'.
    [exit 2]
    ");
}
