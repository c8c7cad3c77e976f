//! A team ships the shim and its first rename in one release: processes of the release before are connected,
//! and no gate of the fleet knows of them. The database does.

use handover::{Releases, Shim};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};

use crate::support::app;
use crate::support::project::{Db, Output, Project};
use crate::support::rename::state;

/// A database of each server after `--pre`, with a role for the app.
fn each(test: impl AsyncFn(&Project, &str)) {
    for db in [Db::Postgres, Db::Mariadb] {
        let project = Project::new(db);
        project.sql(app::users(db));
        project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
        project.copy_worked_example();
        project.version("9.0.0");
        let (role, url) = role(&project);
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(test(&project, &url));
        match db {
            Db::Postgres => project.sql(&format!("DROP OWNED BY {role}; DROP ROLE {role}")),
            _ => project.sql(&format!("DROP USER {role}@localhost")),
        }
    }
}

/// A role of the app alone, and the URL with it.
fn role(project: &Project) -> (String, String) {
    let number = std::process::id();
    let name = project.query(match project.db {
        Db::Postgres => "SELECT current_database()::text",
        _ => "SELECT database()",
    });
    let role = format!("app_{number}_{}", name[0].replace(|c: char| !c.is_alphanumeric(), ""));
    let role = role[..role.len().min(60)].to_owned();
    match project.db {
        Db::Postgres => project.sql(&format!("CREATE ROLE {role} LOGIN SUPERUSER")),
        _ => project.sql(&format!(
            "CREATE USER {role}@localhost; GRANT ALL ON `{}`.* TO {role}@localhost",
            name[0]
        )),
    }
    let user = if project.db == Db::Postgres { "postgres@" } else { "root@" };
    let url = project.url.replacen(user, &format!("{role}@"), 1);
    assert_ne!(url, project.url);
    (role, url)
}

/// A process without the shim: it has connected.
async fn process(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let process = Database::connect(options).await.unwrap();
    process.execute_unprepared("UPDATE users SET username = 'eve' WHERE id = 1").await.unwrap();
    process
}

async fn shim(url: &str) -> Shim {
    let mut options = ConnectOptions::new(url);
    options.max_connections(2).sqlx_logging(false);
    let shim = Shim::builder(Database::connect(options).await.unwrap(), Releases::default());
    shim.app_version("9.0.0").start().await.unwrap()
}

fn post(project: &Project, further: &[&str]) -> Output {
    project.handover(&[&["db", "migrate", "--post"], further].concat())
}

#[test]
fn a_process_without_the_shim_is_named_and_waited_for() {
    each(async |project, url| {
        let old = process(url).await;
        let refused = post(project, &[]).expect_status(3).to_string();
        let role = url.split("://").nth(1).unwrap().split('@').next().unwrap();
        assert!(refused.contains("waits for sessions that belong to no process with the shim: "));
        assert!(refused.contains(&format!("{role}@local")), "{refused}");
        assert!(refused.contains("--allow sessions"), "{refused}");
        assert_eq!(state(project), "dual_write");
        let plan = project.handover(&["db", "plan"]).expect_status(3).to_string();
        assert!(plan.contains("no process with the shim"), "{plan}");
        // Nothing is missing for the app: the guard, which would refuse its writes, is not there yet.
        old.execute_unprepared("UPDATE users SET username = 'joan' WHERE id = 1").await.unwrap();

        let new = shim(url).await;
        let mut waits = project.command(&["db", "migrate", "--post", "--wait", "30s"]);
        let mut waits = waits.spawn().unwrap();
        old.close().await.unwrap();
        assert!(waits.wait().unwrap().success());
        assert_eq!(state(project), "read_to");
        new.shutdown().await.unwrap();
    });
}

#[test]
fn who_knows_the_session_goes_on() {
    each(async |project, url| {
        let reports = process(url).await;
        let _ = post(project, &["--allow", "sessions"]).expect_status(0);
        assert_eq!(state(project), "read_to");
        reports.close().await.unwrap();
    });
}

/// The sessions of a process with the shim are its own, and so is one that came later from the same host:
/// the database cannot tell them apart.
#[test]
fn a_process_with_the_shim_is_not_waited_for() {
    each(async |project, url| {
        let new = shim(url).await;
        let _ = post(project, &["--wait", "30s"]).expect_status(0);
        assert_eq!(state(project), "read_to");
        new.shutdown().await.unwrap();
    });
}

#[test]
fn a_session_older_than_every_process_of_its_host_is_waited_for() {
    each(async |project, url| {
        let old = process(url).await;
        let new = shim(url).await;
        let waits = |project: &Project| {
            project.handover(&["db", "plan"]).to_string().contains("no process with the shim")
        };
        assert!(!waits(project), "the two have come at the same time");
        // As if the process had come a minute, or a thousand connections, after the session.
        let later = match project.db {
            Db::Postgres => {
                "UPDATE handover_instances SET client =
                 (split_part(client, ' ', 1)::bigint + 60000) || ' ' || split_part(client, ' ', 2)"
            }
            _ => {
                "UPDATE handover_instances SET client = concat(
                 substring_index(client, ' ', 1) + 1000, ' ', substring_index(client, ' ', -1))"
            }
        };
        project.sql(later);
        assert!(waits(project));
        let _ = post(project, &[]).expect_status(3);
        old.close().await.unwrap();
        new.shutdown().await.unwrap();
    });
}

/// Once a whole change is over, every process has the shim: a tool that is connected holds up nobody.
#[test]
fn after_the_first_change_no_session_is_waited_for() {
    each(async |project, url| {
        let _ = post(project, &["--offline"]).expect_status(0);
        project.version("9.0.1");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        let rename = ["gen", "rename", "users.email", "mail", "--release", "9.1.0"];
        let _ = project.handover(&rename).expect_status(0);
        project.version("9.1.0");
        let tool = process_of_handle(url).await;
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let _ = post(project, &[]).expect_status(0);
        tool.close().await.unwrap();
    });
}

async fn process_of_handle(url: &str) -> DatabaseConnection {
    let tool = Database::connect(url).await.unwrap();
    tool.execute_unprepared("UPDATE users SET handle = 'eve' WHERE id = 1").await.unwrap();
    tool
}
