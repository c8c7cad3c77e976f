//! Logical replication of PostgreSQL sends and writes columns by their names, and no change of the schema. A
//! change that would stop it is refused by name, on either side, before anything has changed.

use std::fs;

use crate::support::postgres::own_server;
use crate::support::project::{Db, Project};
use crate::support::server::Postgres;

const TABLE: &str =
    "CREATE TABLE users (id integer PRIMARY KEY, username text, age integer, note text)";

/// The arguments of `gen`, and the refusals by the side that sends rows and the side that writes them.
const CHANGES: &[(&[&str], &str, &str)] = &[
    (
        &["rename", "users.username", "handle"],
        "the publication `everybody` sends all columns, and a subscriber whose table has no `handle` would \
         stop",
        "the subscription `of_everybody` writes `username` without `handle`, and would stop when every \
         writer has to set both",
    ),
    (
        &["rename", "users.username", "handle", "--in-place"],
        "the publication `everybody` sends its columns by name, and a subscriber would stop at the new one",
        "the subscription `of_everybody` writes its columns by name, and would stop at the old one",
    ),
    (
        &["retype", "users.age", "bigint"],
        "the publication `everybody` sends all columns, and a subscriber whose table has no `age_bigint` \
         would stop",
        "the subscription `of_everybody` writes `age` without `age_bigint`, and would stop when every \
         writer has to set both",
    ),
    (
        &["drop", "users.note"],
        "the publication `everybody` sends its columns by name, and a subscriber would stop at the new one",
        "the subscription `of_everybody` writes its columns by name, and would stop at the old one",
    ),
];

/// A table that is replicated from one database to another one, and the app of each.
struct Replicated {
    sender: Project,
    writer: Project,
    _server: Postgres,
}

fn replicated(publication: &str) -> Replicated {
    let server = own_server("-c wal_level=logical");
    server.run("postgres", &["CREATE DATABASE sender", "CREATE DATABASE writer"]);
    let app = |database| Project::at(Db::Postgres, server.url(database));
    let (sender, writer) = (app("sender"), app("writer"));
    let slot = "SELECT pg_create_logical_replication_slot('of_everybody', 'pgoutput')";
    let row = "INSERT INTO users VALUES (1, 'ada', 36, 'first')";
    server.run("sender", &[TABLE, publication, slot, row]);
    let from = format!("host={} dbname=sender user=postgres", server.folder().display());
    let subscription = format!(
        "CREATE SUBSCRIPTION of_everybody CONNECTION '{from}' PUBLICATION everybody \
         WITH (create_slot = false)"
    );
    server.run("writer", &[TABLE, &subscription]);
    Replicated { sender, writer, _server: server }
}

fn generate(project: &Project, change: &[&str]) {
    let arguments = [&["gen"], change, &["--release", "9.0.0"]].concat();
    let _ = project.handover(&arguments).expect_status(0);
    project.version("9.0.0");
}

fn refuses(project: &Project, change: &[&str], words: &str) {
    generate(project, change);
    let before = project.dump("users");
    for command in ["plan", "migrate"] {
        let said = project.handover(&["db", command, "--pre", "--offline"]);
        let said = said.expect_status(3).to_string();
        assert!(said.contains(words), "{change:?}: {words}\n{said}");
        assert!(said.contains("--allow"), "{said}");
    }
    assert_eq!(project.dump("users"), before);
    assert_eq!(project.query("SELECT state FROM handover_changes"), [""; 0]);
    fs::remove_dir_all(project.root().join("release_migrations")).unwrap();
}

#[test]
fn replication_that_a_change_would_stop_is_refused_by_name() {
    let Replicated { sender, writer, .. } =
        &replicated("CREATE PUBLICATION everybody FOR TABLE users");
    for (change, sends, writes) in CHANGES {
        refuses(sender, change, sends);
        refuses(writer, change, writes);
    }
}

/// A publication that lists its columns does not send one that is added beside them.
#[test]
fn replication_of_other_columns_is_no_obstacle() {
    let Replicated { sender, .. } =
        &replicated("CREATE PUBLICATION everybody FOR TABLE users (id, note)");
    for (change, ..) in [CHANGES[0], CHANGES[2]] {
        generate(sender, change);
        for stage in ["--pre", "--post"] {
            let _ = sender.handover(&["db", "migrate", stage, "--offline"]).expect_status(0);
        }
    }
    assert_eq!(sender.query("SELECT handle || age_bigint FROM users"), ["ada36"]);
}

/// What came since expand is in the plan, and what is allowed then is not asked for again, by a role that is
/// no superuser.
#[test]
fn replication_that_came_later_is_allowed_once() {
    for (change, ..) in CHANGES {
        let server = own_server("-c wal_level=logical");
        server.run("postgres", &["CREATE ROLE app LOGIN", "CREATE DATABASE later OWNER app"]);
        let url = server.url("later").replace("postgres@", "app@");
        let project = Project::at(Db::Postgres, url);
        project.sql(TABLE);
        generate(&project, change);
        let _ = project.handover(&["db", "migrate", "--pre", "--offline"]).expect_status(0);
        server.run("later", &["CREATE PUBLICATION everybody FOR ALL TABLES"]);
        project.version("9.0.1");
        for command in ["plan", "migrate"] {
            let said = project.handover(&["db", command, "--offline"]).expect_status(3).to_string();
            assert!(said.contains("--allow 'publication:everybody'"), "{change:?}: {said}");
        }
        let allow = ["db", "migrate", "--offline", "--allow", "publication:everybody"];
        let said = project.handover(&allow).expect_status(0).to_string();
        assert!(!said.contains("no effect"), "{said}");
        assert_eq!(project.query("SELECT state FROM handover_changes"), ["contracted"]);
        let _ = project.handover(&["db", "rollback"]).expect_status(0);
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    }
}
