//! The objects that SQLite keeps.

use super::{ALL, POSITION, WRITES, expect, lines};
use crate::support::project::{Db, Project};

#[test]
fn sqlite_triggers_views_and_indexes() {
    let project = Project::bare(Db::Sqlite);
    project.sql(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, post_count INT);
         CREATE TABLE posts (id INTEGER PRIMARY KEY, username TEXT, author INT);
         CREATE TABLE archive (id INT, username TEXT, post_count INT)",
    );
    let changes = "has a column `username` that would be called `handle`";
    let names =
        |of: &str| format!("names the column `username` of `{of}`, whose name would change");
    let cases: Vec<(&str, Vec<String>)> = vec![
        (
            "CREATE TRIGGER counts AFTER INSERT ON posts BEGIN
             UPDATE users SET post_count = post_count + 1 WHERE id = NEW.author; END",
            vec![],
        ),
        (
            "CREATE TRIGGER reads AFTER UPDATE OF username ON users BEGIN
             INSERT INTO posts (username) VALUES (NEW.username); END",
            vec![],
        ),
        (
            "CREATE TRIGGER lowers AFTER INSERT ON users BEGIN
             UPDATE users SET username = lower(NEW.username) WHERE id = NEW.id; END",
            vec![format!("trigger:users.lowers {WRITES}")],
        ),
        (
            "CREATE TRIGGER positions AFTER INSERT ON posts BEGIN
             INSERT INTO Users VALUES (NEW.id, 'a', 1); END",
            vec![format!("trigger:posts.positions {POSITION}")],
        ),
        (
            "CREATE TRIGGER archives AFTER DELETE ON posts BEGIN
             INSERT INTO archive SELECT * FROM users; END",
            vec![format!("trigger:posts.archives {ALL}")],
        ),
        (
            "CREATE TRIGGER zzz_handover_guard_x BEFORE UPDATE ON users
             BEGIN UPDATE users SET username = 1; END",
            vec![],
        ),
        (
            "CREATE VIEW plain AS SELECT u.username, id FROM users u",
            vec![format!("view:plain {changes}")],
        ),
        (
            "CREATE VIEW expression AS SELECT max(username) FROM users",
            vec![
                "view:expression has a column `max(username)` that would be called `max(handle)`"
                    .into(),
            ],
        ),
        (
            "CREATE VIEW star AS SELECT * FROM users JOIN posts ON author = users.id",
            vec![format!("view:star {changes}"), format!("view:star {ALL}")],
        ),
        ("CREATE VIEW listed (username) AS SELECT username FROM users", vec![]),
        ("CREATE VIEW aliased AS SELECT username AS username FROM users", vec![]),
        (
            "CREATE VIEW other AS SELECT p.username FROM posts p, users u WHERE u.username > ''",
            vec![],
        ),
        ("CREATE VIEW on_listed AS SELECT username FROM listed", vec![]),
        (
            "CREATE VIEW on_plain AS SELECT username AS name FROM plain",
            vec![format!("view:on_plain {}", names("plain"))],
        ),
        (
            "CREATE VIEW nested AS SELECT s.username AS name FROM (SELECT username FROM users) s",
            vec![format!("view:nested {}", names("s"))],
        ),
        (
            "CREATE TRIGGER instead INSTEAD OF INSERT ON plain BEGIN
             INSERT INTO posts (username) VALUES (NEW.username); END",
            vec![format!("trigger:plain.instead {}", names("plain"))],
        ),
        (
            "CREATE VIRTUAL TABLE search USING fts5(username, content='users', content_rowid='id')",
            vec![
                "virtual-table:search takes its text from the column `users.username` by name"
                    .into(),
            ],
        ),
        ("CREATE VIRTUAL TABLE own USING fts5(username)", vec![]),
    ];
    let cases: Vec<(&str, Vec<&str>)> = cases
        .iter()
        .map(|(sql, lines)| (*sql, lines.iter().map(String::as_str).collect()))
        .collect();
    let cases: Vec<(&str, &[&str])> =
        cases.iter().map(|(sql, lines)| (*sql, lines.as_slice())).collect();
    expect(&project, &cases);
}

/// SQLite renames a column only beside views and triggers that it understands.
#[test]
fn sqlite_views_and_triggers_that_do_not_work() {
    let project = Project::bare(Db::Sqlite);
    project.sql(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT); CREATE TABLE gone (a);
         CREATE VIEW stale AS SELECT a FROM gone; DROP TABLE gone;
         CREATE TABLE posts (id INT);
         PRAGMA writable_schema = ON;
         INSERT INTO sqlite_schema VALUES ('table', 'far', 'far', 0,
         'CREATE VIRTUAL TABLE far USING missing(a)');
         PRAGMA writable_schema = RESET;
         CREATE TRIGGER to_far AFTER INSERT ON posts BEGIN INSERT INTO far VALUES (1); END",
    );
    assert_eq!(
        lines(&project, "users"),
        [
            "trigger:posts.to_far does not work as it is (no such module: missing)",
            "view:stale does not work as it is (no such table: main.gone)",
        ]
    );
}
