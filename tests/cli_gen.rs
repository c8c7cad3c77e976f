//! `gen rename`: what it writes, what it says, and what it refuses without writing anything.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::support::project::{Db, Output, Project, each_database};

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
    let traces = project.traces().into_iter().map(|(path, _)| path);
    let files = traces.filter(|path| path.ends_with(".yml"));
    files.map(|path| id.replace_all(&path, "[id]").into_owned()).collect()
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
      - What is left of `username` in raw SQL may then be changed to `handle`.

    leave alone:
      - Do not add, drop or rename `users.username` or `users.handle` yourself.
      - Do not write `users.username` from outside of the app (psql, other services) between the backfill and the contract: the guard refuses it.
      - Do not give `handle` constraints or indexes of its own: the backfill copies those of `username`.

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
      - What is left of `username` in raw SQL may then be changed to `handle`.

    leave alone:
      - Do not add, drop or rename `users.username` or `users.handle` yourself.
      - Do not write `users.username` from outside of the app (psql, other services) between the backfill and the contract: the guard refuses it.
      - Do not give `handle` constraints or indexes of its own: the backfill copies those of `username`.

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
        let files = project.traces().into_iter().filter(|(path, _)| path.ends_with(".yml"));
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
    error: cannot rename `users.username` to `username`: it is called that already
    hint: choose another name: `handover gen rename users.username NAME`
    [exit 2]
    ## users.username UserName
    --- stderr ---
    error: cannot rename `users.username` to `UserName`: to a database that ignores case it is one name
    hint: rename in two steps, first to a third name: `handover gen rename users.username NAME`
    [exit 2]
    ## users.username h…
    --- stderr ---
    error: cannot rename `users.username` to `hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh`: PostgreSQL (at most 63 bytes) would cut the name, which has 64 bytes and 64 characters
    hint: choose a shorter name: `handover gen rename users.username NAME`
    [exit 2]
    ## users.email mail
    --- stderr ---
    error: cannot rename `users.email` to `mail` beside the other changes
    caused by: changes `rename_users_email_to_mail` (users.email -> mail, `unreleased/[id]_rename_users_email_to_mail.expand.yml`) and `rename_users_email_to_mail_2` (users.email -> mail, `unreleased/[id]_rename_users_email_to_mail_2.expand.yml`) use the same column of table `users`, and neither begins in a later release than the other's contract
    hint: finish the other change first, or begin this one in a later release than the other's contract: `--release X.Y.Z`
    [exit 2]
    ## users.address mail
    --- stderr ---
    error: cannot rename `users.address` to `mail` beside the other changes
    caused by: changes `rename_users_address_to_mail` (users.address -> mail, `unreleased/[id]_rename_users_address_to_mail.expand.yml`) and `rename_users_email_to_mail` (users.email -> mail, `unreleased/[id]_rename_users_email_to_mail.expand.yml`) use the same column of table `users`, and neither begins in a later release than the other's contract
    hint: finish the other change first, or begin this one in a later release than the other's contract: `--release X.Y.Z`
    [exit 2]
    ## users.mail post
    --- stderr ---
    error: cannot rename `users.mail` to `post` beside the other changes
    caused by: changes `rename_users_email_to_mail` (users.email -> mail, `unreleased/[id]_rename_users_email_to_mail.expand.yml`) and `rename_users_mail_to_post` (users.mail -> post, `unreleased/[id]_rename_users_mail_to_post.expand.yml`) use the same column of table `users`, and neither begins in a later release than the other's contract
    hint: finish the other change first, or begin this one in a later release than the other's contract: `--release X.Y.Z`
    [exit 2]
    ## users.username handle --release v9
    --- stderr ---
    error: `--release` is no release
    caused by: `v9` is not a version of the form `9.0.0`
    caused by: unexpected character 'v' while parsing major version number
    hint: give a release such as `--release 9.0.0`
    [exit 2]
    ## users.username handle --release 9.0.0 --contract-release 9.0.0
    --- stderr ---
    error: the contract of `users.username` cannot be in release 9.0.0: it must be later than 9.0.0, the release of its backfill
    hint: leave out `--contract-release`, which gives 9.0.1
    [exit 2]
    ## users.username handle --contract-release 9.0.1
    --- stderr ---
    error: the following required arguments were not provided:
      --release <X.Y.Z>

    Usage: handover gen rename --release <X.Y.Z> --contract-release <X.Y.Z> <TABLE.COLUMN> <NAME>

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

#[test]
fn a_project_has_templates_of_its_own() {
    let project = Project::new(Db::Sqlite);
    let embedded =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("generator_templates/rename/expand.yml");
    let embedded = fs::read_to_string(embedded).unwrap();
    let file = "generator_templates/rename/expand.yml";
    project.write(file, &format!("# Ask the database team.\n{embedded}"));
    let _ = project.generate(&["users.username", "handle"]).expect_status(0);
    let own = |text: &[u8]| text.starts_with(b"# Ask the database team.\n");
    let generated =
        project.traces().into_iter().filter(|(path, _)| path.starts_with("unreleased/2"));
    assert_eq!(generated.filter(|(_, text)| own(text)).count(), 1);

    let mut text = String::new();
    for (what, instead) in [
        ("{{ id }}", "{{ idd }}"),
        ("{{ id }}", "{{ id"),
        ("{{ id }}", "1"),
        ("to: {{ to", "to: {{ from"),
        ("deploy: pre", "deploy: post"),
        ("rename:", "remove:"),
    ] {
        project.write(file, &embedded.replace(what, instead));
        let before = project.traces();
        let output = project.generate(&["posts.title", "name"]).expect_status(2);
        assert!(project.traces() == before, "{output}");
        writeln!(text, "## {instead}\n{}", said(&output)).unwrap();
    }
    insta::assert_snapshot!(text, @r"
    ## {{ idd }}
    --- stderr ---
    error: generator_templates/rename/expand.yml:2: the template cannot be rendered
    caused by: undefined value: `idd` is undefined (in generator_templates/rename/expand.yml:2)
    hint: correct `generator_templates/rename/expand.yml`, or remove it to use the embedded template
    [exit 2]
    ## {{ id
    --- stderr ---
    error: generator_templates/rename/expand.yml:3: the template cannot be rendered
    caused by: syntax error: unexpected identifier, expected end of variable block (in generator_templates/rename/expand.yml:3)
    hint: correct `generator_templates/rename/expand.yml`, or remove it to use the embedded template
    [exit 2]
    ## 1
    --- stderr ---
    error: the template `generator_templates/rename/expand.yml` gives a stage file whose `id` is not `[id]`
    hint: correct `generator_templates/rename/expand.yml`, or remove it to use the embedded template
    [exit 2]
    ## to: {{ from
    --- stderr ---
    error: the template `generator_templates/rename/expand.yml` does not give a stage file
    caused by: generator_templates/rename/expand.yml:6:42: `from` and `to` are both `title`
    hint: correct `generator_templates/rename/expand.yml`, or remove it to use the embedded template
    [exit 2]
    ## deploy: post
    --- stderr ---
    error: the template `generator_templates/rename/expand.yml` does not give a stage file
    caused by: generator_templates/rename/expand.yml:5:9: `deploy: post` does not fit stage `expand`, which has `deploy: pre`
    hint: correct `generator_templates/rename/expand.yml`, or remove it to use the embedded template
    [exit 2]
    ## remove:
    --- stderr ---
    error: the template `generator_templates/rename/expand.yml` does not give a stage file
    caused by: generator_templates/rename/expand.yml:6:1: unknown field `remove`, expected one of id, change, stage, deploy, rename
    hint: correct `generator_templates/rename/expand.yml`, or remove it to use the embedded template
    [exit 2]
    ");
}

#[test]
fn any_name_lives_through_the_whole_of_a_rename() {
    for (table, from, to) in [
        ("Order Items", "se\"lect", "naïve; drop"),
        ("select", "from", "where"),
        ("o'clock", "it's", "100%"),
        ("UPPER", "CamelCase", "snake_case"),
        ("таблица", "имя", "名前"),
        ("a.b", "c.d", "e.f"),
        ("users", "{{ id }}", "# no comment: \\ `x`"),
    ] {
        each_database(|project| {
            eprintln!("{table}.{from} to {to}");
            let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
            let (quoted, column) = (quote(table), quote(from));
            project.sql(&format!(
                "CREATE TABLE {quoted} (id integer PRIMARY KEY, {column} text NOT NULL UNIQUE);
                 INSERT INTO {quoted} VALUES (1, 'ada'), (2, 'grace')"
            ));
            let rows = |column: &str| {
                project
                    .query(&format!("SELECT {quoted}.{} FROM {quoted} ORDER BY 1", quote(column)))
            };
            let path = format!("{quoted}.{column}");
            let _ = project.generate(&[&path, to, "--release", "9.0.0"]).expect_status(0);
            let _ = project.handover(&["check"]).expect_status(0);
            project.version("9.0.1");
            let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
            assert_eq!(rows(to), ["ada", "grace"]);
            let _ = project.handover(&["db", "rollback", "--step", "1"]).expect_status(0);
            assert_eq!([rows(from), rows(to)], [["ada", "grace"]; 2]);
            let _ = project.handover(&["db", "rollback", "--step", "2"]).expect_status(0);
            assert_eq!(rows(from), ["ada", "grace"]);
            let status = project.handover(&["db", "status"]).expect_status(0);
            assert!(status.stdout.contains(&format!("{from} -> {to}")), "{status}");
        });
    }
}
