//! The HTTP interface. Its JSON says `name`, however the column is called.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::*;
use sea_orm::{
    FromQueryResult, QueryOrder, QuerySelect, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::{App, member, name_change};

pub fn router(app: App) -> Router {
    Router::new()
        .route("/ready", get(ready))
        .route("/members", post(create).get(list))
        .route("/members/{id}", get(read).delete(remove))
        .route("/members/{id}/name", put(rename))
        .route("/search", get(search))
        .with_state(app)
}

#[derive(Deserialize)]
struct NewMember {
    name: String,
    email: Option<String>,
}

#[derive(Deserialize)]
struct NewName {
    name: String,
}

#[derive(Deserialize)]
struct Page {
    after: Option<String>,
}

#[derive(Deserialize)]
struct Prefix {
    prefix: String,
}

#[derive(Serialize, FromQueryResult)]
struct Member {
    id: i32,
    name: String,
    email: Option<String>,
}

impl From<member::Model> for Member {
    fn from(member: member::Model) -> Self {
        Self { id: member.id, name: member.username, email: member.email }
    }
}

/// Whether this process can serve: the database answers, and the shim has its lease.
async fn ready(State(app): State<App>) -> Result<StatusCode, Error> {
    app.db.ping().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn create(
    State(app): State<App>,
    Json(new): Json<NewMember>,
) -> Result<(StatusCode, Json<Member>), Error> {
    let member = member::ActiveModel {
        username: Set(new.name),
        email: Set(new.email),
        ..Default::default()
    };
    Ok((StatusCode::CREATED, Json(member.insert(&app.db).await?.into())))
}

async fn read(State(app): State<App>, Path(id): Path<i32>) -> Result<Json<Member>, Error> {
    let member = member::Entity::find_by_id(id).one(&app.db).await?.ok_or(Error::NotFound)?;
    Ok(Json(member.into()))
}

/// Twenty members in the order of their names.
async fn list(
    State(app): State<App>,
    Query(page): Query<Page>,
) -> Result<Json<Vec<Member>>, Error> {
    let mut members = member::Entity::find().order_by_asc(member::Column::Username).limit(20);
    if let Some(after) = page.after {
        members = members.filter(member::Column::Username.gt(after));
    }
    let members = members.all(&app.db).await?;
    Ok(Json(members.into_iter().map(Member::from).collect()))
}

/// Gives a member another name, and notes the former one, in one transaction.
async fn rename(
    State(app): State<App>,
    Path(id): Path<i32>,
    Json(new): Json<NewName>,
) -> Result<Json<Member>, Error> {
    // On SQLite, a transaction that reads before it writes has to be a writer from the start.
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let transaction = app.db.begin_with_options(options).await?;
    let former = member::Entity::find_by_id(id).one(&transaction).await?.ok_or(Error::NotFound)?;
    let note = name_change::ActiveModel {
        member_id: Set(id),
        former: Set(former.username.clone()),
        ..Default::default()
    };
    let mut member = member::ActiveModel::from(former);
    member.username = Set(new.name);
    let member = member.update(&transaction).await?;
    note.insert(&transaction).await?;
    transaction.commit().await?;
    Ok(Json(member.into()))
}

async fn remove(State(app): State<App>, Path(id): Path<i32>) -> Result<StatusCode, Error> {
    let result = member::Entity::delete_by_id(id).exec(&app.db).await?;
    if result.rows_affected == 0 { Err(Error::NotFound) } else { Ok(StatusCode::NO_CONTENT) }
}

/// Members whose name begins with a text, by a statement that is written by hand.
async fn search(
    State(app): State<App>,
    Query(query): Query<Prefix>,
) -> Result<Json<Vec<Member>>, Error> {
    let sql = "SELECT id, username AS name, email FROM members
               WHERE substr(username, 1, length($1)) = $1 ORDER BY username LIMIT 20";
    let backend = app.db.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [query.prefix.into()]);
    Ok(Json(Member::find_by_statement(statement).all(&app.db).await?))
}
