//! The service by its HTTP interface, and loco's hooks, on an empty database of its own: the one of
//! `DATABASE_URL`, as `handover rehearse` sets it, or one in a temporary folder.

use std::env;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use handover::AppMigrations;
use http_body_util::BodyExt as _;
use loco_app::app::App;
use loco_app::migration::Migrator;
use loco_rs::app::{AppContext, Hooks};
use loco_rs::boot::{StartMode, create_context, run_task};
use loco_rs::config::Config;
use loco_rs::environment::Environment;
use loco_rs::task::Vars;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

struct Service {
    router: Router,
    context: AppContext,
    config: Config,
    _folder: TempDir,
}

/// Boots the app as loco's command does.
async fn service() -> Service {
    let folder = tempfile::tempdir().unwrap();
    let mut config = App::load_config(&Environment::Test).await.unwrap();
    if env::var("DATABASE_URL").is_err() {
        let file = folder.path().join("test.sqlite3");
        config.database.uri = format!("sqlite://{}?mode=rwc", file.display());
        let connection = sea_orm::Database::connect(&config.database.uri).await.unwrap();
        let migrations = AppMigrations::default().migrator::<Migrator>();
        handover::testing::migrate_with(&connection, migrations).await.unwrap();
        connection.close().await.unwrap();
    }
    let of_command = create_context::<App>(&Environment::Test, config.clone()).await.unwrap();
    let boot = App::boot(StartMode::ServerOnly, &Environment::Test, config.clone()).await.unwrap();
    drop(of_command);
    let (router, context) = (boot.router.unwrap(), boot.app_context);
    Service { router, context, config, _folder: folder }
}

impl Service {
    /// Sends a request; gives the status and the body.
    async fn send(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("authorization", "Bearer ada");
        let mut content = Body::empty();
        if !body.is_null() {
            request = request.header("content-type", "application/json");
            content = Body::from(body.to_string());
        }
        let response = self.router.clone().oneshot(request.body(content).unwrap()).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.send(Method::GET, path, Value::Null).await
    }
}

/// One test, because `rehearse` gives all tests one database.
#[tokio::test]
async fn the_service_and_the_hooks_of_loco_work() {
    let service = service().await;
    a_member_is_made_read_found_renamed_and_removed(&service).await;
    tasks_and_seeds_join_the_fleet_by_themselves(&service).await;
}

async fn a_member_is_made_read_found_renamed_and_removed(service: &Service) {
    let ada = json!({ "name": "ada", "email": "ada@example.org" });
    let (status, made) = service.send(Method::POST, "/members", ada).await;
    assert_eq!(status, StatusCode::CREATED);
    let path = format!("/members/{}", made["id"]);
    assert_eq!(service.get(&path).await, (StatusCode::OK, made.clone()));
    assert_eq!(service.get("/search?prefix=a").await.1, json!([made]));
    // loco looks the member up on the connection that it owns.
    assert_eq!(service.get("/me").await, (StatusCode::OK, made.clone()));

    let lovelace = json!({ "name": "lovelace" });
    let (status, renamed) = service.send(Method::PUT, &format!("{path}/name"), lovelace).await;
    assert_eq!((status, &renamed["name"]), (StatusCode::OK, &json!("lovelace")));
    assert_eq!(service.get("/members").await.1, json!([renamed]));
    assert_eq!(service.get("/me").await.0, StatusCode::UNAUTHORIZED);
    let (status, _) = service.send(Method::DELETE, &path, Value::Null).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(service.get(&path).await.0, StatusCode::NOT_FOUND);
}

/// loco makes two contexts for one process, each with a pool: only one of them is in the fleet.
async fn tasks_and_seeds_join_the_fleet_by_themselves(service: &Service) {
    let instances = async || {
        let sql = "SELECT count(*) AS n FROM handover_instances";
        let sql = Statement::from_string(service.context.db.get_database_backend(), sql);
        let row = service.context.db.query_one_raw(sql).await.unwrap().unwrap();
        row.try_get::<i64>("", "n").unwrap()
    };
    assert_eq!(instances().await, 1);

    let folder = tempfile::tempdir().unwrap();
    let seeds = json!([
        { "id": 1, "username": "ada", "handle": "ada", "email": null },
        { "id": 2, "username": "grace", "handle": "grace", "email": null },
    ]);
    std::fs::write(folder.path().join("members.json"), seeds.to_string()).unwrap();
    let of_command = create_context::<App>(&Environment::Test, service.config.clone()).await;
    let of_command = of_command.unwrap();
    App::seed(&of_command, folder.path()).await.unwrap();
    let vars = Vars::default();
    run_task::<App>(&of_command, Some(&"name_report".to_owned()), &vars).await.unwrap();
    // The task has left again.
    assert_eq!(instances().await, 1);
    assert_eq!(service.get("/members").await.1[1]["name"], json!("grace"));
    App::truncate(&of_command).await.unwrap();
    assert_eq!(service.get("/members").await.1, json!([]));
}
