//! `gen rename`: what it writes, what it says, and what it refuses without writing anything.

use std::fmt::Write as _;
use std::fs;

use regex::Regex;

use crate::support::project::{Db, Output, Project};

impl Project {
    fn generate(&self, arguments: &[&str]) -> Output {
        self.handover(&[&["gen", "rename"], arguments].concat())
    }
}

/// The output without the time in the names.
fn said(output: &Output) -> String {
    Regex::new(r"\b2\d{13}").unwrap().replace_all(&output.to_string(), "[id]").into_owned()
}

/// The files that were written, without the time in their names.
fn written(project: &Project) -> Vec<String> {
    let id = Regex::new(r"\b2\d{13}").unwrap();
    let files = project.traces().into_iter().map(|(path, _)| path);
    files
        .filter(|path| id.is_match(path))
        .map(|path| id.replace_all(&path, "[id]").into_owned())
        .collect()
}

#[test]
fn into_no_release() {
    let project = Project::new(Db::Sqlite);
    let output = project.generate(&["users.username", "handle"]).expect_status(0);
    insta::assert_snapshot!(said(&output), @r"
    wrote unreleased/[id]_rename_users_username_to_handle.expand.yml
    wrote unreleased/[id]_rename_users_username_to_handle.backfill.yml
    wrote unreleased/[id]_rename_users_username_to_handle.contract.yml

    now:
      - In this merge request, rename the field `username` of the entity of `users` to `handle`.
      - Queries may name `username` or `handle` at any time: the connection maps both to the column that is there.
      - Run `handover db migrate --pre` before the release it goes into is rolled out, and `handover db migrate --post` after.

    later:
      - Nothing has to change when the contract has run (from the release after that on).
      - Remaining uses of `username` in raw SQL may then be changed to `handle`.

    leave alone:
      - Do not add, drop or rename `users.username` or `users.handle` yourself.
      - Do not write `users.username` from outside of the app (psql, other services) between the backfill and the contract: the guard refuses it.
      - Do not give `handle` constraints or indexes of its own: the backfill copies those of `username`.

    the other way:
      - With `--in-place`, the column `username` itself is renamed: that takes a moment for a table of any size, and keys, views and foreign keys stay.
      - Choose that if only this app uses `users`, through the shim. The same command replaces these files while they are unreleased.

    on this database:
      - `handover db migrate` would refuse it: there is no table `users`
      - check the table and column in the migration file against the database

    next: git add unreleased
    [exit 0]
    ");
    let _ = project.handover(&["check"]).expect_status(0);
}

#[test]
fn into_a_release() {
    let project = Project::new(Db::Sqlite);
    let output =
        project.generate(&["users.username", "handle", "--release", "9.0.0"]).expect_status(0);
    insta::assert_snapshot!(said(&output), @r"
    wrote release_migrations/9.0.0/[id]_rename_users_username_to_handle.expand.yml
    wrote release_migrations/9.0.0/[id]_rename_users_username_to_handle.backfill.yml
    wrote release_migrations/9.0.1/[id]_rename_users_username_to_handle.contract.yml

    now:
      - In this merge request, rename the field `username` of the entity of `users` to `handle`.
      - Queries may name `username` or `handle` at any time: the connection maps both to the column that is there.
      - Run `handover db migrate --pre` before 9.0.0 is rolled out, and `handover db migrate --post` after.

    later:
      - Nothing has to change when the contract has run (from 9.0.1 on).
      - Remaining uses of `username` in raw SQL may then be changed to `handle`.

    leave alone:
      - Do not add, drop or rename `users.username` or `users.handle` yourself.
      - Do not write `users.username` from outside of the app (psql, other services) between the backfill and the contract: the guard refuses it.
      - Do not give `handle` constraints or indexes of its own: the backfill copies those of `username`.

    the other way:
      - With `--in-place`, the column `username` itself is renamed: that takes a moment for a table of any size, and keys, views and foreign keys stay.
      - Choose that if only this app uses `users`, through the shim. The same command replaces these files while they are unreleased.

    on this database:
      - `handover db migrate` would refuse it: there is no table `users`
      - check the table and column in the migration file against the database

    next: git add release_migrations
    [exit 0]
    ");
    let contract =
        ["app.users.email", "mail", "--release", "9.9.0", "--contract-release", "10.0.0"];
    let _ = project.generate(&contract).expect_status(0);
    insta::assert_snapshot!(written(&project).join("\n"), @r"
    release_migrations/10.0.0/[id]_rename_app_users_email_to_mail.contract.yml
    release_migrations/9.0.0/[id]_rename_users_username_to_handle.expand.yml
    release_migrations/9.0.0/[id]_rename_users_username_to_handle.backfill.yml
    release_migrations/9.0.1/[id]_rename_users_username_to_handle.contract.yml
    release_migrations/9.9.0/[id]_rename_app_users_email_to_mail.expand.yml
    release_migrations/9.9.0/[id]_rename_app_users_email_to_mail.backfill.yml
    ");
    let _ = project.handover(&["check"]).expect_status(0);
}

#[test]
fn the_worked_example_is_what_is_generated() {
    let project = Project::new(Db::Sqlite);
    let _ = project.generate(&["users.username", "handle", "--release", "9.0.0"]).expect_status(0);
    let example = Project::new(Db::Sqlite);
    example.add_worked_example();
    let texts = |project: &Project| {
        let files = project.traces().into_iter().filter(|(path, _)| path.contains("_rename_"));
        let texts =
            files.map(|(path, text)| format!("{path}\n{}", String::from_utf8(text).unwrap()));
        let id = Regex::new(r"\d{14}").unwrap();
        texts.map(|text| id.replace_all(&text, "[id]").into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&project), texts(&example));
    assert_eq!(texts(&project).len(), 3);
}

#[test]
fn what_is_refused_writes_nothing() {
    let long = "h".repeat(64);
    let mut text = String::new();
    for arguments in [
        &["users", "handle"][..],
        &["users.", "handle"],
        &[".username", "handle"],
        &["a.b.c.d", "handle"],
        &["\"users.username", "handle"],
        &["users.username"],
        &["users.username", ""],
        &["users.username", "username"],
        &["users.username", "UserName"],
        &["users.username", &long],
        &["users.email", "mail"],
        &["users.address", "mail"],
        &["users.mail", "post"],
        &["users.username", "handle", "--release", "v9"],
        &["users.username", "handle", "--release", "9.0.0", "--contract-release", "9.0.0"],
        &["users.username", "handle", "--contract-release", "9.0.1"],
    ] {
        let project = Project::new(Db::Sqlite);
        let _ = project.generate(&["users.email", "mail"]).expect_status(0);
        let before = project.traces();
        let output = project.generate(arguments).expect_status(2);
        assert!(project.traces() == before, "{output}");
        writeln!(text, "## {}\n{}", arguments.join(" ").replace(&long, "h…"), said(&output))
            .unwrap();
    }
    insta::assert_snapshot!(text, @r#"
    ## users handle
    --- stderr ---
    error: `users` is not of the form `table.column` or `schema.table.column`
    hint: handover gen rename users.username handle
    [exit 2]
    ## users. handle
    --- stderr ---
    error: a name is empty in `users.`
    hint: handover gen rename users.username handle
    [exit 2]
    ## .username handle
    --- stderr ---
    error: a name is empty in `.username`
    hint: handover gen rename users.username handle
    [exit 2]
    ## a.b.c.d handle
    --- stderr ---
    error: `a.b.c.d` is not of the form `table.column` or `schema.table.column`
    hint: handover gen rename users.username handle
    [exit 2]
    ## "users.username handle
    --- stderr ---
    error: the quotes in `"users.username` do not pair up
    hint: handover gen rename users.username handle
    [exit 2]
    ## users.username
    --- stderr ---
    error: the following required arguments were not provided:
      <NAME>

    Usage: handover gen rename <TABLE.COLUMN> <NAME>

    For more information, try '--help'.
    [exit 2]
    ## users.username 
    --- stderr ---
    error: a name is empty in ``
    hint: handover gen rename users.username handle
    [exit 2]
    ## users.username username
    --- stderr ---
    error: cannot rename `users.username` to `username`: it already has that name
    hint: choose another name: `handover gen rename users.username NAME`
    [exit 2]
    ## users.username UserName
    --- stderr ---
    error: cannot rename `users.username` to `UserName`: a database that ignores case treats both names as one
    hint: rename in two steps, first to a third name: `handover gen rename users.username NAME`
    [exit 2]
    ## users.username h…
    --- stderr ---
    error: cannot rename `users.username` to `hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh`: PostgreSQL (at most 63 bytes) would cut the name, which has 64 bytes and 64 characters
    hint: choose a shorter name: `handover gen rename users.username NAME`
    [exit 2]
    ## users.email mail
    --- stderr ---
    error: this change does not go beside the other ones: `users.email -> mail`
    caused by: changes `rename_users_email_to_mail` (users.email -> mail, `unreleased/[id]_rename_users_email_to_mail.expand.yml`) and `rename_users_email_to_mail_2` (users.email -> mail, `unreleased/[id]_rename_users_email_to_mail_2.expand.yml`) use the same column of table `users`, and neither begins in a later release than the other's contract
    hint: finish the other change first, or begin this one in a later release than the other's contract: `--release RELEASE`
    [exit 2]
    ## users.address mail
    --- stderr ---
    error: this change does not go beside the other ones: `users.address -> mail`
    caused by: changes `rename_users_address_to_mail` (users.address -> mail, `unreleased/[id]_rename_users_address_to_mail.expand.yml`) and `rename_users_email_to_mail` (users.email -> mail, `unreleased/[id]_rename_users_email_to_mail.expand.yml`) use the same column of table `users`, and neither begins in a later release than the other's contract
    hint: finish the other change first, or begin this one in a later release than the other's contract: `--release RELEASE`
    [exit 2]
    ## users.mail post
    --- stderr ---
    error: this change does not go beside the other ones: `users.mail -> post`
    caused by: changes `rename_users_email_to_mail` (users.email -> mail, `unreleased/[id]_rename_users_email_to_mail.expand.yml`) and `rename_users_mail_to_post` (users.mail -> post, `unreleased/[id]_rename_users_mail_to_post.expand.yml`) use the same column of table `users`, and neither begins in a later release than the other's contract
    hint: finish the other change first, or begin this one in a later release than the other's contract: `--release RELEASE`
    [exit 2]
    ## users.username handle --release v9
    --- stderr ---
    error: `--release` is not a valid release
    caused by: `v9` is not a version of the form `9.0.0`
    hint: give a release such as `--release 9.0.0`, or set `release: { scheme: sequence }` in `handover.yml` if releases are numbered that way
    [exit 2]
    ## users.username handle --release 9.0.0 --contract-release 9.0.0
    --- stderr ---
    error: the contract of `users.username` cannot be in release 9.0.0: it must be later than 9.0.0, the release of its backfill
    hint: leave out `--contract-release`, which gives 9.0.1
    [exit 2]
    ## users.username handle --contract-release 9.0.1
    --- stderr ---
    error: the following required arguments were not provided:
      --release <RELEASE>

    Usage: handover gen rename --release <RELEASE> --contract-release <RELEASE> <TABLE.COLUMN> <NAME>

    For more information, try '--help'.
    [exit 2]
    "#);
}

#[test]
fn a_folder_that_cannot_be_written_to() {
    let project = Project::new(Db::Sqlite);
    fs::remove_dir(project.root().join("release_migrations")).unwrap();
    project.write("release_migrations", "");
    let before = project.traces();
    let output = project.generate(&["users.username", "handle", "--release", "9.0.0"]);
    insta::assert_snapshot!(said(&output), @r"
    --- stderr ---
    error: cannot read `release_migrations`
    caused by: Not a directory (os error 20)
    hint: make `release_migrations` readable
    [exit 2]
    ");
    assert!(project.traces() == before);
}

#[test]
fn two_within_a_second_do_not_meet() {
    let project = Project::new(Db::Sqlite);
    for (column, to) in [("users.a", "x"), ("users.b", "y"), ("users.c", "z"), ("posts.a", "x")] {
        let _ = project.generate(&[column, to]).expect_status(0);
    }
    assert_eq!(written(&project).len(), 12);
    let _ = project.handover(&["check"]).expect_status(0);
}
