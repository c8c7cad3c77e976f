//! All that sea-orm's entity API emits, done once through one release's entities.

/// Defines `everything`, for the entities of one release.
macro_rules! everything {
    ($release:ident) => {
        pub mod $release {
            use futures_util::TryStreamExt as _;
            use handover::Shim;
            use sea_orm::sea_query::{Expr, Func, OnConflict};
            use sea_orm::{
                ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _,
                DbErr, EntityTrait as _, Insert, InsertMany, IntoActiveModel as _, IsolationLevel, ModelTrait as _,
                PaginatorTrait as _, QueryFilter as _, Statement,
                TransactionTrait as _, TryInsertResult,
            };

            use crate::support::app::$release::users::{self, Column, Entity, NAME, row};
            use crate::support::everything::Seen;
            use crate::support::reads::$release::{reads, related};

            type Result<T = ()> = std::result::Result<T, DbErr>;

            /// From an empty table to an empty table; what is there meanwhile is for `seen`.
            pub async fn everything(db: &Shim, seen: &impl Seen) -> Result {
                inserts(db, seen).await?;
                reads(db).await?;
                related(db).await?;
                updates(db, seen).await?;
                upserts(db, seen).await?;
                transactions(db, seen).await?;
                raw(db, seen).await?;
                deletes(db, seen).await
            }

            async fn inserts(db: &Shim, seen: &impl Seen) -> Result {
                let ada = row(None, "ada", Some("a@x")).insert(db).await?;
                assert_eq!((ada.name(), ada.email.as_deref()), ("ada", Some("a@x")));
                seen.names(&["ada"]).await;
                let done = Entity::insert(row(Some(1000), "grace", None)).exec(db).await?;
                assert_eq!(done.last_insert_id, 1000);
                let two = [row(Some(1001), "eve", None), row(Some(1002), "joan", None)];
                insert_many(db, Entity::insert_many(two)).await?;
                seen.names(&["ada", "eve", "grace", "joan"]).await;
                let kay =
                    Entity::insert(row(Some(1003), "kay", None)).exec_with_returning(db).await?;
                assert_eq!(kay.name(), "kay");
                let lin = Entity::insert_many([row(Some(1004), "lin", None)]);
                if db.support_returning() {
                    assert_eq!(lin.exec_with_returning(db).await?[0].name(), "lin");
                } else {
                    insert_many(db, lin).await?;
                }
                let count = Entity::insert_many([row(Some(1005), "moe", None)])
                    .exec_without_returning(db)
                    .await?;
                assert_eq!(count, 1);
                let save = row(None, "ned", None).save(db).await?;
                assert!(row(None, "ada", None).insert(db).await.is_err());
                save.delete(db).await?;
                Entity::delete_many().filter(NAME.is_in(["kay", "lin", "moe"])).exec(db).await?;
                seen.names(&["ada", "eve", "grace", "joan"]).await;
                Ok(())
            }

            /// Of ids that it has not made itself MariaDB says nothing, and sea-orm takes that for
            /// a failure.
            async fn insert_many(db: &Shim, rows: InsertMany<users::ActiveModel>) -> Result {
                if db.support_returning() {
                    rows.exec(db).await?;
                } else {
                    assert!(rows.exec_without_returning(db).await? > 0);
                }
                Ok(())
            }

            async fn insert(
                db: &impl sea_orm::ConnectionTrait,
                row: Insert<users::ActiveModel>,
            ) -> Result {
                if db.support_returning() {
                    row.exec(db).await?;
                } else {
                    assert!(row.exec_without_returning(db).await? > 0);
                }
                Ok(())
            }

            async fn updates(db: &Shim, seen: &impl Seen) -> Result {
                let mut eve = Entity::find_by_id(1001).one(db).await?.unwrap().into_active_model();
                eve = row(eve.id.take(), "eva", None);
                assert_eq!(eve.clone().update(db).await?.name(), "eva");
                seen.names(&["ada", "eva", "grace", "joan"]).await;
                let email =
                    users::ActiveModel { id: Set(1001), email: Set(None), ..Default::default() };
                assert_eq!(email.update(db).await?.name(), "eva");
                let saved = row(Some(1001), "eve", Some("e@x")).save(db).await?;
                assert_eq!(saved.email.unwrap().as_deref(), Some("e@x"));
                Entity::update(row(Some(1001), "even", None)).exec(db).await?;
                seen.names(&["ada", "even", "grace", "joan"]).await;
                let upper = Func::upper(Expr::col(NAME));
                let done = Entity::update_many()
                    .col_expr(NAME, upper.into())
                    .col_expr(Column::Email, Expr::col(NAME).into())
                    .filter(NAME.starts_with("e"))
                    .exec(db)
                    .await?;
                assert_eq!(done.rows_affected, 1);
                seen.names(&["EVEN", "ada", "grace", "joan"]).await;
                let even = Entity::find_by_id(1001).one(db).await?.unwrap();
                // An expression sees the row from before; on MariaDB what was assigned before it.
                let mysql = db.get_database_backend() == sea_orm::DbBackend::MySql;
                let before = if mysql { "EVEN" } else { "even" };
                assert_eq!(even.email.as_deref(), Some(before));
                let change = Entity::update_many()
                    .col_expr(NAME, Expr::value("eve"))
                    .filter(NAME.eq("EVEN"));
                if db.support_returning() {
                    assert_eq!(change.exec_with_returning(db).await?[0].name(), "eve");
                } else {
                    assert_eq!(change.exec(db).await?.rows_affected, 1);
                }
                Entity::update_many()
                    .set(row(None, "eve", None))
                    .filter(NAME.eq("eve"))
                    .exec(db)
                    .await?;
                seen.names(&["ada", "eve", "grace", "joan"]).await;
                Ok(())
            }

            async fn upserts(db: &Shim, seen: &impl Seen) -> Result {
                let on = || OnConflict::column(NAME);
                let mysql = db.get_database_backend() == sea_orm::DbBackend::MySql;
                // MariaDB has no such clause; sea-orm sends one all the same.
                if !mysql {
                    let nothing = Entity::insert(row(Some(2000), "ada", None))
                        .on_conflict(on().do_nothing().to_owned())
                        .try_insert()
                        .exec(db)
                        .await?;
                    assert!(matches!(nothing, TryInsertResult::Conflicted), "{nothing:?}");
                }
                let kay = Entity::insert(row(Some(2001), "kay", None))
                    .on_conflict_do_nothing_on([NAME])
                    .exec(db)
                    .await?;
                assert!(matches!(kay, TryInsertResult::Inserted(_)), "{kay:?}");
                seen.names(&["ada", "eve", "grace", "joan", "kay"]).await;
                let update = Entity::insert(row(Some(2002), "kay", Some("k@x")))
                    .on_conflict(on().update_column(Column::Email).to_owned());
                if mysql {
                    update.exec_without_returning(db).await?;
                    let updated = Entity::find().filter(NAME.eq("kay")).one(db).await?.unwrap();
                    assert_eq!((updated.id, updated.email.as_deref()), (2001, Some("k@x")));
                } else {
                    let updated = update.exec_with_returning(db).await?;
                    assert_eq!((updated.id, updated.email.as_deref()), (2001, Some("k@x")));
                }
                let two = Entity::insert_many([
                    row(Some(2003), "kay", Some("l@x")),
                    row(Some(2004), "lin", Some("m")),
                ])
                .on_conflict(on().update_columns([NAME, Column::Email]).to_owned());
                insert_many(db, two).await?;
                seen.names(&["ada", "eve", "grace", "joan", "kay", "lin"]).await;
                let ned = Entity::insert(row(Some(2001), "ned", None))
                    .on_conflict(OnConflict::column(Column::Id).update_column(NAME).to_owned());
                insert(db, ned).await?;
                seen.names(&["ada", "eve", "grace", "joan", "lin", "ned"]).await;
                let longer = Func::upper(Expr::col((Entity, NAME)));
                let x = Entity::insert(row(Some(2001), "x", None))
                    .on_conflict(OnConflict::column(Column::Id).value(NAME, longer).to_owned());
                insert(db, x).await?;
                seen.names(&["NED", "ada", "eve", "grace", "joan", "lin"]).await;
                Entity::delete_many().filter(NAME.is_in(["NED", "lin"])).exec(db).await?;
                seen.names(&["ada", "eve", "grace", "joan"]).await;
                Ok(())
            }

            async fn transactions(db: &Shim, seen: &impl Seen) -> Result {
                let outer = db.begin().await?;
                row(Some(3000), "kay", None).insert(&outer).await?;
                let inner = outer.begin().await?;
                let lin = Entity::insert(row(Some(3001), "lin", None))
                    .on_conflict(OnConflict::column(NAME).update_column(Column::Email).to_owned());
                insert(&inner, lin).await?;
                assert_eq!(Entity::find().filter(NAME.eq("lin")).count(&inner).await?, 1);
                inner.rollback().await?;
                let inner = outer.begin().await?;
                Entity::update_many()
                    .col_expr(NAME, Expr::value("moe"))
                    .filter(NAME.eq("kay"))
                    .exec(&inner)
                    .await?;
                inner.commit().await?;
                let stream = Entity::find().filter(NAME.gt("m")).stream(&outer).await?;
                assert_eq!(stream.try_collect::<Vec<_>>().await?.len(), 1);
                outer.commit().await?;
                seen.names(&["ada", "eve", "grace", "joan", "moe"]).await;
                let lost = db.begin_with_config(Some(IsolationLevel::Serializable), None).await?;
                Entity::delete_many().filter(NAME.eq("moe")).exec(&lost).await?;
                lost.rollback().await?;
                let result = db
                    .transaction::<_, (), DbErr>(|transaction| {
                        Box::pin(async move {
                            row(None, "zoe", None).insert(transaction).await?;
                            Err(DbErr::Custom("no".to_owned()))
                        })
                    })
                    .await;
                assert!(result.is_err());
                seen.names(&["ada", "eve", "grace", "joan", "moe"]).await;
                db.transaction::<_, (), DbErr>(|transaction| {
                    Box::pin(async move {
                        Entity::delete_many().filter(NAME.eq("moe")).exec(transaction).await?;
                        Ok(())
                    })
                })
                .await
                .unwrap();
                seen.names(&["ada", "eve", "grace", "joan"]).await;
                Ok(())
            }

            async fn raw(db: &Shim, seen: &impl Seen) -> Result {
                let name = sea_orm::Iden::to_string(&NAME);
                let backend = db.get_database_backend();
                let insert = format!("INSERT INTO users (id, {name}) VALUES (4000, 'kay; --')");
                db.execute_unprepared(&insert).await?;
                let several = format!(
                    "UPDATE users SET {name} = 'kay' WHERE {name} LIKE 'kay%'; \
                     UPDATE users SET email = {name} WHERE id = 4000"
                );
                db.execute_unprepared(&several).await?;
                seen.names(&["ada", "eve", "grace", "joan", "kay"]).await;
                let sql = format!("SELECT u.{name}, email FROM users u WHERE {name} = 'kay'");
                let rows = db.query_all_raw(Statement::from_string(backend, sql)).await?;
                assert_eq!(rows[0].try_get::<String>("", &name)?, "kay");
                assert_eq!(rows[0].try_get::<String>("", "email")?, "kay");
                let sql = if backend == sea_orm::DbBackend::MySql {
                    format!("DELETE FROM users WHERE {name} = ? RETURNING {name}")
                } else {
                    format!(
                        "WITH gone AS (SELECT id FROM users WHERE {name} = $1) \
                         DELETE FROM users WHERE id IN (SELECT id FROM gone) RETURNING {name}"
                    )
                };
                let statement = Statement::from_sql_and_values(backend, sql, ["kay".into()]);
                let gone = db.query_one_raw(statement).await?.unwrap();
                assert_eq!(gone.try_get_by_index::<String>(0)?, "kay");
                seen.names(&["ada", "eve", "grace", "joan"]).await;
                Ok(())
            }

            async fn deletes(db: &Shim, seen: &impl Seen) -> Result {
                let ada = Entity::find().filter(NAME.eq("ada")).one(db).await?.unwrap();
                ada.delete(db).await?;
                seen.names(&["eve", "grace", "joan"]).await;
                Entity::delete_by_id(1002).exec(db).await?;
                let delete = Entity::delete_many().filter(NAME.eq("eve"));
                if db.support_returning() {
                    assert_eq!(delete.exec_with_returning(db).await?[0].name(), "eve");
                } else {
                    assert_eq!(delete.exec(db).await?.rows_affected, 1);
                }
                seen.names(&["grace"]).await;
                assert_eq!(Entity::delete_many().exec(db).await?.rows_affected, 1);
                seen.names(&[]).await;
                Ok(())
            }
        }
    };
}

/// Who looks at what a write has done.
pub trait Seen {
    /// These names and no others are in the table, in this order.
    fn names(&self, expect: &[&str]) -> impl Future<Output = ()>;
}

everything!(before);
everything!(after);
