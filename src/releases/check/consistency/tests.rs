//! Files that fit together, and files that do not.

use super::{problems, validate};
use crate::model::Stage;
use crate::releases::Migration;
use crate::releases::sample::{rename, sql};

const WHOLE: [&str; 3] = ["9.0.0", "9.0.0", "9.0.1"];
const NONE: [&str; 3] = ["", "", ""];

/// The messages about the migrations, each without its file names.
fn messages(migrations: &[Migration]) -> Vec<String> {
    let messages: Vec<_> = problems(migrations)
        .iter()
        .map(|problem| {
            assert!(problem.hint().is_some());
            problem.to_string()
        })
        .collect();
    let first = validate(migrations).err().map(|error| error.to_string());
    assert_eq!(first.as_ref(), messages.first());
    messages
}

#[track_caller]
fn assert_one(migrations: &[Migration], expect: &str) {
    let messages = messages(migrations);
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(messages[0].contains(expect), "{}", messages[0]);
}

#[test]
fn sound_changes_pass() {
    for releases in [WHOLE, NONE, ["9.0.0", "9.1.0", "10.0.0"], ["9.0.0-rc.1", "9.0.0", "9.0.1"]] {
        let migrations = rename(10, "users.username", "handle", releases);
        assert_eq!(messages(&migrations), Vec::<String>::new(), "{releases:?}");
    }
}

#[test]
fn ids_and_stages_are_unique() {
    let mut migrations = rename(10, "users.username", "handle", WHOLE);
    migrations.push(sql(11, "add_index", "9.0.0"));
    assert_one(&migrations, "same id `11`");
    let mut migrations = rename(10, "users.username", "handle", WHOLE);
    let mut twin = migrations[0].clone();
    twin.id = 9;
    migrations.push(twin);
    assert_one(&migrations, "both stage `expand` of change `rename_users_username_to_handle`");
}

#[test]
fn a_change_has_every_stage() {
    for (at, stage) in [Stage::Expand, Stage::Backfill, Stage::Contract].into_iter().enumerate() {
        let mut migrations = rename(10, "users.username", "handle", WHOLE);
        migrations.remove(at);
        let expect = format!("change `rename_users_username_to_handle` has no stage `{stage}`");
        assert_one(&migrations, &expect);
    }
}

#[test]
fn stages_are_in_their_releases() {
    for (releases, expect) in [
        (["9.0.0", "9.0.0", "9.0.0"], "it must be in a later release"),
        (["9.0.0", "9.0.0-rc.1", "9.0.0"], "`contract` of change"),
        (["9.0.1", "9.0.0", "9.0.2"], "it must be in that release or a later one"),
        (["9.9.0", "10.0.0", "9.10.0"], "its `backfill` is in 10.0.0"),
        (["9.0.0", "9.0.0", ""], "only partly in a release"),
    ] {
        assert_one(&rename(10, "users.username", "handle", releases), expect);
    }
    let mut migrations = rename(10, "users.username", "handle", WHOLE);
    migrations[1].id = 9;
    assert_one(&migrations, "must be greater than");
    // Over releases, the releases order the stages.
    migrations[1].id = 13;
    assert_eq!(messages(&migrations), Vec::<String>::new());
}

#[test]
fn stages_agree() {
    let mut migrations = rename(10, "users.username", "handle", WHOLE);
    let other = rename(10, "users.username", "nick", WHOLE);
    let mut body = other[2].body.clone();
    if let (crate::releases::Body::Stage { change, .. }, Some(ours)) =
        (&mut body, migrations[0].change())
    {
        change.name = ours.name.clone();
    }
    migrations[2].body = body;
    assert_one(&migrations, "disagree");
}

#[test]
fn changes_of_one_column_follow_each_other() {
    let both = |column: &str, to: &str, releases| {
        let mut migrations = rename(10, "users.username", "handle", WHOLE);
        migrations.extend(rename(20, column, to, releases));
        messages(&migrations)
    };
    let overlaps = |messages: &[String]| {
        messages.len() == 1 && messages[0].contains("use the same column of table `users`")
    };
    for (column, to, releases, expect) in [
        ("users.handle", "nick", ["9.1.0", "9.1.0", "9.1.1"], false),
        ("users.handle", "nick", ["8.0.0", "8.0.0", "8.0.1"], false),
        ("users.handle", "nick", NONE, false),
        ("users.handle", "nick", ["9.0.1", "9.1.0", "9.1.1"], true),
        ("users.handle", "nick", ["9.0.1-rc.1", "9.1.0", "9.1.1"], true),
        ("users.email", "handle", WHOLE, true),
        ("users.username", "login", WHOLE, true),
        ("users.Username", "login", WHOLE, true),
        ("app.users.username", "login", WHOLE, true),
        ("users.email", "mail", WHOLE, false),
        ("people.username", "handle", WHOLE, false),
    ] {
        let messages = both(column, to, releases);
        assert_eq!(overlaps(&messages), expect, "{column} {to} {releases:?} {messages:?}");
        assert_eq!(messages.is_empty(), !expect);
    }
    let mut migrations = rename(10, "users.username", "handle", NONE);
    migrations.extend(rename(20, "users.handle", "nick", NONE));
    assert!(overlaps(&messages(&migrations)));
}
