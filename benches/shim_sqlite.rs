//! What the shim adds to a statement on SQLite, where there is no network to hide it.

use std::cell::Cell;
use std::time::{Duration, Instant};

use handover::model::State;
use sea_orm::{ActiveModelTrait, ActiveValue, ConnectionTrait, EntityTrait};

use crate::support::point::update;
use crate::support::rounds::{Pair, alternate};
use crate::support::site::{Place, ROWS, Site, checkpoint};

/// An entity of this shape with a column that the app calls by one of its names.
macro_rules! entity {
    ($module:ident, $table:literal, $($column:ident),+) => {
        mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub id: i64,
                $(pub $column: String,)+
                pub email: Option<String>,
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

entity!(users, "users", handle);
entity!(users_before, "users", username);
entity!(users_both, "users", username, handle);
entity!(members, "members", username);

const ROUNDS: usize = 300;
const STATEMENTS: i64 = 200;

pub fn run() {
    println!("µs a statement                    bare    shim   ratio");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for place in [Place::File, Place::Memory] {
            for state in [State::DualWrite, State::ReadTo] {
                let site = Site::new(place, state).await;
                let select = selects(&site, state).await;
                show(&format!("{place:?} {state} select"), &select);
                show(&format!("{place:?} {state} insert"), &inserts(&site).await);
                show(&format!("{place:?} {state} update"), &updates(&site).await);
                site.shim.shutdown().await.unwrap();
            }
            let site = Site::new(place, State::ReadTo).await;
            show(&format!("{place:?} unmapped select"), &unmapped_selects(&site).await);
            show(&format!("{place:?} unmapped insert"), &unmapped_inserts(&site).await);
            // What is left when there is no difference at all.
            show(&format!("{place:?} bare against itself"), &bare_inserts(&site).await);
            // Here the first variant has one column and one index less to write.
            show(&format!("{place:?} whole dual write"), &dual_writes(&site).await);
            site.shim.shutdown().await.unwrap();
        }
    });
}

fn show(what: &str, pair: &Pair) {
    let (first, second) = pair.medians();
    let micros = 1e6 / STATEMENTS as f64;
    println!("{what:<30} {:>7.2} {:>7.2}   {:.3}", first * micros, second * micros, pair.ratio());
}

/// Reads rows by key, one after the other.
async fn select<E>(db: &impl ConnectionTrait) -> Duration
where
    E: EntityTrait,
    <E::PrimaryKey as sea_orm::PrimaryKeyTrait>::ValueType: From<i64>,
{
    let started = Instant::now();
    for id in 0..STATEMENTS {
        let row = E::find_by_id(1 + id * 7 % ROWS).one(db).await.unwrap();
        assert!(row.is_some());
    }
    started.elapsed()
}

/// Inserts rows with the keys that follow `next`, one after the other.
async fn insert<A>(
    db: &impl ConnectionTrait,
    next: &Cell<i64>,
    model: impl Fn(i64, String) -> A,
) -> Duration
where
    A: ActiveModelTrait,
{
    checkpoint(db).await;
    let first = next.get();
    next.set(first + STATEMENTS);
    let started = Instant::now();
    for id in first..next.get() {
        let model = model(id, format!("user{id}"));
        A::Entity::insert(model).exec_without_returning(db).await.unwrap();
    }
    started.elapsed()
}

fn handle(id: i64, name: String) -> users::ActiveModel {
    users::ActiveModel {
        id: ActiveValue::Set(id),
        handle: ActiveValue::Set(name),
        email: ActiveValue::Set(Some("someone@example.org".to_owned())),
    }
}

/// What the shim makes of `handle`, by hand.
fn both(id: i64, name: String) -> users_both::ActiveModel {
    users_both::ActiveModel {
        id: ActiveValue::Set(id),
        username: ActiveValue::Set(name.clone()),
        handle: ActiveValue::Set(name),
        email: ActiveValue::Set(Some("someone@example.org".to_owned())),
    }
}

fn member(id: i64, name: String) -> members::ActiveModel {
    members::ActiveModel {
        id: ActiveValue::Set(id),
        username: ActiveValue::Set(name),
        email: ActiveValue::Set(Some("someone@example.org".to_owned())),
    }
}

async fn selects(site: &Site, state: State) -> Pair {
    let (bare, shim) = (&site.bare, &site.shim);
    let through = || select::<users::Entity>(shim);
    match state {
        State::DualWrite => {
            alternate(ROUNDS, || select::<users_before::Entity>(bare), through).await
        }
        _ => alternate(ROUNDS, || select::<users::Entity>(bare), through).await,
    }
}

async fn inserts(site: &Site) -> Pair {
    let next = Cell::new(1 + ROWS);
    let bare = || insert(&site.bare, &next, both);
    alternate(ROUNDS, bare, || insert(&site.shim, &next, handle)).await
}

async fn unmapped_selects(site: &Site) -> Pair {
    let (bare, shim) = (&site.bare, &site.shim);
    alternate(ROUNDS, || select::<members::Entity>(bare), || select::<members::Entity>(shim)).await
}

async fn unmapped_inserts(site: &Site) -> Pair {
    let next = Cell::new(1 + ROWS);
    let bare = || insert(&site.bare, &next, member);
    alternate(ROUNDS, bare, || insert(&site.shim, &next, member)).await
}

async fn bare_inserts(site: &Site) -> Pair {
    let next = Cell::new(2_000_000);
    let insert = || insert(&site.bare, &next, member);
    alternate(ROUNDS, insert, insert).await
}

async fn updates(site: &Site) -> Pair {
    let (both, one) = (
        "UPDATE \"users\" SET \"handle\" = ?1, \"username\" = ?1 WHERE \"users\".\"id\" = ?2",
        "UPDATE \"users\" SET \"handle\" = ? WHERE \"users\".\"id\" = ?",
    );
    let next = Cell::new(0);
    let bare = async || {
        checkpoint(&site.bare).await;
        update(&site.bare, both, &next, STATEMENTS, ROWS).await
    };
    let through = async || {
        checkpoint(&site.bare).await;
        update(&site.shim, one, &next, STATEMENTS, ROWS).await
    };
    alternate(ROUNDS, bare, through).await
}

async fn dual_writes(site: &Site) -> Pair {
    let next = Cell::new(1_000_000);
    let bare = || insert(&site.bare, &next, member);
    alternate(ROUNDS, bare, || insert(&site.shim, &next, handle)).await
}
