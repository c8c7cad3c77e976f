//! The controller. Its JSON says `name`, however the column is called.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use loco_rs::app::AppContext;
use loco_rs::controller::extractor::auth::ApiToken;
use loco_rs::prelude::*;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    FromQueryResult, QueryOrder, QuerySelect, SqliteTransactionMode, Statement, TransactionOptions,
};
use serde::{Deserialize, Serialize};

use crate::fleet::shim;
use crate::{member, name_change};

pub fn routes() -> Routes {
    Routes::new()
        .add("/ready", get(ready))
        .add("/members", post(create).get(list))
        .add("/members/{id}", get(read).delete(remove))
        .add("/members/{id}/name", put(rename))
        .add("/search", get(search))
        .add("/me", get(me))
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
async fn ready(State(ctx): State<AppContext>) -> Result<Response> {
    shim(&ctx.db)?.ping().await?;
    format::empty()
}

async fn create(
    State(ctx): State<AppContext>,
    Json(new): Json<NewMember>,
) -> Result<(StatusCode, Json<Member>)> {
    let member = member::ActiveModel {
        username: Set(new.name),
        email: Set(new.email),
        ..Default::default()
    };
    Ok((StatusCode::CREATED, Json(member.insert(&shim(&ctx.db)?).await?.into())))
}

async fn read(State(ctx): State<AppContext>, Path(id): Path<i32>) -> Result<Json<Member>> {
    let member = member::Entity::find_by_id(id).one(&shim(&ctx.db)?).await?;
    Ok(Json(member.ok_or(Error::NotFound)?.into()))
}

/// Twenty members in the order of their names.
async fn list(
    State(ctx): State<AppContext>,
    Query(page): Query<Page>,
) -> Result<Json<Vec<Member>>> {
    let mut members = member::Entity::find().order_by_asc(member::Column::Username).limit(20);
    if let Some(after) = page.after {
        members = members.filter(member::Column::Username.gt(after));
    }
    let members = members.all(&shim(&ctx.db)?).await?;
    Ok(Json(members.into_iter().map(Member::from).collect()))
}

/// Gives a member another name, and notes the former one, in one transaction.
async fn rename(
    State(ctx): State<AppContext>,
    Path(id): Path<i32>,
    Json(new): Json<NewName>,
) -> Result<Json<Member>> {
    // On SQLite, a transaction that reads before it writes has to be a writer from the start.
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let transaction = shim(&ctx.db)?.begin_with_options(options).await?;
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

async fn remove(State(ctx): State<AppContext>, Path(id): Path<i32>) -> Result<StatusCode> {
    let result = member::Entity::delete_by_id(id).exec(&shim(&ctx.db)?).await?;
    if result.rows_affected == 0 { Err(Error::NotFound) } else { Ok(StatusCode::NO_CONTENT) }
}

/// Members whose name begins with a text, by a statement that is written by hand.
async fn search(
    State(ctx): State<AppContext>,
    Query(query): Query<Prefix>,
) -> Result<Json<Vec<Member>>> {
    let sql = "SELECT id, username AS name, email FROM members
               WHERE substr(username, 1, length($1)) = $1 ORDER BY username LIMIT 20";
    let backend = ctx.db.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [query.prefix.into()]);
    Ok(Json(Member::find_by_statement(statement).all(&shim(&ctx.db)?).await?))
}

/// The member whose name is the API key; in a real service it would be a secret.
async fn me(token: ApiToken<member::Model>) -> Json<Member> {
    Json(token.user.into())
}
