//! Scratch databases: there while they are used, gone however that ends.

use std::path::Path;

use handover::database::{Access, Database, Scratch};
use sea_orm::ConnectionTrait as _;

use crate::support::project::{Db, Project};

/// The names of the server's scratch databases that were made for this test's project.
fn on_server(project: &Project) -> Vec<String> {
    let sql = match project.db {
        Db::Sqlite => return Vec::new(),
        Db::Postgres => "SELECT datname::text FROM pg_database WHERE datname LIKE 'handover%'",
        Db::Mariadb => {
            "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'handover%'"
        }
    };
    project.query(sql)
}

/// What a URL ends with: the name of its database.
fn name(url: &str) -> String {
    let path = url.split('?').next().unwrap();
    path.rsplit('/').next().unwrap().to_owned()
}

fn is_there(project: &Project, scratch: &str) -> bool {
    match project.db {
        Db::Sqlite => {
            let file = scratch.strip_prefix("sqlite://").unwrap();
            Path::new(file.split('?').next().unwrap()).exists()
        }
        _ => on_server(project).contains(&name(scratch)),
    }
}

#[tokio::test]
async fn they_are_gone_when_closed_and_when_dropped() {
    for db in Db::ALL {
        let project = Project::new(db);
        for close in [true, false] {
            let scratch = Scratch::create(&project.url).await.unwrap();
            let url = scratch.url().to_owned();
            assert_ne!(url, project.url);
            let database = Database::connect(&url, Access::Write).await.unwrap();
            let sql = "CREATE TABLE a (b integer)";
            database.connection().execute_unprepared(sql).await.unwrap();
            // A transaction that is still open holds nobody up.
            let open = database.begin().await.unwrap();
            open.execute_unprepared("INSERT INTO a VALUES (1)").await.unwrap();
            assert!(is_there(&project, &url), "{db:?}");
            if close {
                scratch.close().await.unwrap();
            } else {
                drop(scratch);
            }
            assert!(!is_there(&project, &url), "{db:?}");
        }
    }
}

#[tokio::test]
async fn what_killed_processes_left_is_dropped_a_day_later() {
    for db in [Db::Postgres, Db::Mariadb] {
        let project = Project::new(db);
        let (left, other) = ("handover_scratch_1000000000_0123abcd", "handover_scratch_mine");
        // The servers are those of all tests, of which any may have made a scratch database by now.
        for name in [left, other] {
            project.sql(&format!("CREATE DATABASE {name}"));
        }
        Scratch::create(&project.url).await.unwrap().close().await.unwrap();
        let names = on_server(&project);
        assert!(!names.iter().any(|name| name == left), "{names:?}");
        assert!(names.iter().any(|name| name == other), "{names:?}");
        project.sql(&format!("DROP DATABASE {other}"));
    }
}

#[tokio::test]
async fn a_user_who_may_make_none_is_told_what_is_missing() {
    for db in [Db::Postgres, Db::Mariadb] {
        let project = Project::new(db);
        let url = if db == Db::Mariadb {
            let sql =
                "CREATE OR REPLACE USER looker@localhost; GRANT SELECT ON *.* TO looker@localhost";
            project.sql(sql);
            project.url.replace("root@", "looker@")
        } else {
            project.sql("DROP ROLE IF EXISTS looker; CREATE ROLE looker LOGIN");
            project.url.replace("postgres@", "looker@")
        };
        assert_ne!(url, project.url);
        let error = Scratch::create(&url).await.unwrap_err();
        assert!(error.to_string().contains("cannot be created"), "{error}");
        assert!(error.hint().unwrap().contains("let this user create databases"));
        let drop = if db == Db::Mariadb { "USER looker@localhost" } else { "ROLE looker" };
        project.sql(&format!("DROP {drop}"));
    }
}
