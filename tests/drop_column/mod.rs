//! A column is dropped: ignored for a release, put aside, and deleted in a later release.

mod aside;
mod by_hand;
mod files;
mod kept;
#[cfg(feature = "failpoints")]
mod kill;
mod left_out;
mod life;
mod names;
mod needed;
mod shim;
mod still_named;
mod traffic;

use crate::support::project::{Db, Project};

/// `users` with a column that nobody wants any more, which refuses NULL and has an index.
const fn users(db: Db) -> &'static str {
    match db {
        Db::Sqlite => {
            "CREATE TABLE users (id integer PRIMARY KEY AUTOINCREMENT, \
                 nickname text NOT NULL /* of old */ CHECK (nickname <> ''), email text);
             CREATE INDEX by_nickname ON users (nickname);
             INSERT INTO users (nickname, email) VALUES ('ada', 'a@x'), ('bob', 'b@x')"
        }
        Db::Postgres => {
            "CREATE TABLE users (id serial PRIMARY KEY, \
                 nickname varchar(40) NOT NULL CHECK (nickname <> ''), email text);
             CREATE INDEX by_nickname ON users (nickname);
             COMMENT ON COLUMN users.nickname IS 'of old';
             INSERT INTO users (nickname, email) VALUES ('ada', 'a@x'), ('bob', 'b@x')"
        }
        Db::Mariadb => {
            "CREATE TABLE users (id integer AUTO_INCREMENT PRIMARY KEY, \
                 nickname varchar(40) COLLATE utf8mb4_bin NOT NULL COMMENT 'of old' \
                 CHECK (nickname <> ''), email text);
             CREATE INDEX by_nickname ON users (nickname);
             INSERT INTO users (nickname, email) VALUES ('ada', 'a@x'), ('bob', 'b@x')"
        }
    }
}

/// A project whose `users.nickname` is to be dropped: 9.0.0, 9.0.1 and 9.1.0.
fn project(db: Db) -> Project {
    let project = Project::new(db);
    project.sql(users(db));
    generate(&project);
    project
}

fn generate(project: &Project) {
    let _ =
        project.handover(&["gen", "drop", "users.nickname", "--release", "9.0.0"]).expect_status(0);
}

/// The states of all changes.
fn state(project: &Project) -> String {
    project.query("SELECT state FROM handover_changes").join(" ")
}

/// Runs the command at a release, and expects this status.
fn at(project: &Project, release: &str, arguments: &[&str], status: i32) -> String {
    project.version(release);
    project.handover(arguments).expect_status(status).to_string()
}
