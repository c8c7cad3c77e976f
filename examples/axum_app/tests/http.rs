//! The service by its HTTP interface, on an empty database of its own: the one of `DATABASE_URL`, as
//! `handover rehearse` sets it, or one in memory.

use std::env;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use axum_app::migration::Migrator;
use axum_app::{App, router, shim};
use handover::AppMigrations;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

async fn service() -> Router {
    let url = env::var("DATABASE_URL");
    let options = sea_orm::ConnectOptions::new(url.as_deref().unwrap_or("sqlite::memory:"));
    let connection = sea_orm::Database::connect(options).await.unwrap();
    if url.is_err() {
        let migrations = AppMigrations::default().migrator::<Migrator>();
        handover::testing::migrate_with(&connection, migrations).await.unwrap();
    }
    router(App { db: shim(connection).await.unwrap() })
}

/// Sends a request; gives the status and the body.
async fn send(service: &Router, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let mut request = Request::builder().method(method).uri(path);
    let mut content = Body::empty();
    if !body.is_null() {
        request = request.header("content-type", "application/json");
        content = Body::from(body.to_string());
    }
    let response = service.clone().oneshot(request.body(content).unwrap()).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn a_member_is_made_read_found_renamed_and_removed() {
    let service = &service().await;
    let get = async |path: &str| send(service, Method::GET, path, Value::Null).await;

    let ada = json!({ "name": "ada", "email": "ada@example.org" });
    let (status, made) = send(service, Method::POST, "/members", ada).await;
    assert_eq!(status, StatusCode::CREATED);
    let path = format!("/members/{}", made["id"]);
    assert_eq!(get(&path).await, (StatusCode::OK, made.clone()));
    assert_eq!(get("/search?prefix=ad").await.1, json!([made]));
    assert_eq!(get("/members?after=aa").await.1, json!([made]));
    assert_eq!(get("/members?after=b").await.1, json!([]));

    let (status, _) = send(service, Method::POST, "/members", json!({ "name": "ada" })).await;
    assert_eq!(status, StatusCode::CONFLICT);

    let name = format!("{path}/name");
    let (status, renamed) = send(service, Method::PUT, &name, json!({ "name": "lovelace" })).await;
    assert_eq!((status, &renamed["name"]), (StatusCode::OK, &json!("lovelace")));

    let (status, _) = send(service, Method::DELETE, &path, Value::Null).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(get(&path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(get("/ready").await.0, StatusCode::NO_CONTENT);
}
