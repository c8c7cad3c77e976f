//! All that sea-orm's entity API emits to read, done once through one release's entities.

/// Defines `reads` and `related`, for the entities of one release.
macro_rules! reads {
    ($release:ident) => {
        pub mod $release {
            use futures_util::TryStreamExt as _;
            use handover::Shim;
            use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
            use sea_orm::{
                ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _,
                DbErr, EntityTrait as _, JoinType, ModelTrait as _, PaginatorTrait as _,
                QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _, Statement,
            };

            use crate::support::app::$release::posts;
            use crate::support::app::$release::users::{self, Column, Entity, NAME, row};

            type Result<T = ()> = std::result::Result<T, DbErr>;

            /// Names in order, as this release reads them.
            pub async fn names(db: &Shim) -> Result<Vec<String>> {
                let users = Entity::find().order_by_asc(NAME).all(db).await?;
                Ok(users.iter().map(|user| user.name().to_owned()).collect())
            }

            /// Reads the four names that `everything` has put there.
            pub async fn reads(db: &Shim) -> Result {
                let ada = Entity::find().filter(NAME.eq("ada")).one(db).await?.unwrap();
                assert_eq!(Entity::find_by_id(ada.id).one(db).await?.unwrap(), ada);
                let some = NAME.contains("a").and(NAME.ne("ada").or(Column::Email.is_null()));
                let some = Entity::find().filter(some).order_by_desc(NAME).limit(1).all(db).await?;
                assert_eq!(some[0].name(), "joan");
                assert_eq!(Entity::find().filter(NAME.gt("b")).count(db).await?, 3);
                let pages = Entity::find().order_by_asc(NAME).paginate(db, 3);
                assert_eq!(pages.num_pages().await?, 2);
                assert_eq!(pages.fetch_page(1).await?[0].name(), "joan");
                let stream = Entity::find().order_by_asc(NAME).stream(db).await?;
                let all: Vec<users::Model> = stream.try_collect().await?;
                assert_eq!(all[0], ada);
                let mut cursor = Entity::find().cursor_by(NAME);
                let next = cursor.after("eve").first(1).all(db).await?;
                assert_eq!(next[0].name(), "grace");
                let last = Entity::find().cursor_by((NAME, Column::Id)).last(1).all(db).await?;
                assert_eq!(last[0].name(), "joan");
                let partial = Entity::find().order_by_asc(NAME).into_partial_model();
                let partial: Option<users::Partial> = partial.one(db).await?;
                assert_eq!(partial.unwrap().name(), "ada");
                let json = Entity::find().order_by_asc(NAME).into_json();
                let json = json.all(db).await?;
                let key = sea_orm::Iden::to_string(&NAME);
                assert_eq!((json.len(), json[0][&key].as_str()), (4, Some("ada")));
                assert_eq!(json[0].as_object().unwrap().len(), 3, "{}", json[0]);
                let only = Entity::find().select_only().column(NAME).order_by_asc(NAME);
                let only: Vec<String> = only.into_tuple().all(db).await?;
                assert_eq!(only, ["ada", "eve", "grace", "joan"]);
                let most = Entity::find().select_only().column_as(NAME.max(), "most");
                assert_eq!(most.into_tuple::<String>().one(db).await?.unwrap(), "joan");
                let groups = Entity::find()
                    .select_only()
                    .expr_as(Func::char_length(Expr::col(NAME)), "length")
                    .column_as(NAME.count(), "how_many")
                    .group_by(Func::char_length(Expr::col(NAME)))
                    .having(NAME.count().gt(1))
                    .into_tuple::<(i32, i64)>()
                    .all(db);
                if db.get_database_backend() == sea_orm::DbBackend::Postgres {
                    assert_eq!(groups.await?, [(3, 2)]);
                }
                let distinct = Entity::find().distinct().order_by_desc(NAME).one(db).await?;
                assert_eq!(distinct.unwrap().name(), "joan");
                Ok(())
            }

            /// Gives ada posts, and reads both.
            pub async fn related(db: &Shim) -> Result {
                let ada = Entity::find().filter(NAME.eq("ada")).one(db).await?.unwrap();
                for (id, title) in [(1, "one"), (2, "two")] {
                    let post = posts::ActiveModel {
                        id: Set(id),
                        user_id: Set(ada.id),
                        title: Set(title.to_owned()),
                    };
                    post.insert(db).await?;
                }
                assert_eq!(ada.find_related(posts::Entity).all(db).await?.len(), 2);
                let also = posts::Entity::find()
                    .find_also_related(Entity)
                    .filter(NAME.eq("ada"))
                    .order_by_asc(posts::Column::Id)
                    .all(db)
                    .await?;
                assert_eq!((also.len(), also[0].1.as_ref()), (2, Some(&ada)));
                let with = Entity::find()
                    .find_with_related(posts::Entity)
                    .order_by_asc(NAME)
                    .all(db)
                    .await?;
                let of_ada = with.iter().find(|(user, _)| *user == ada).unwrap();
                assert_eq!((with.len(), of_ada.1.len()), (4, 2));
                let joined = posts::Entity::find()
                    .join_as(JoinType::InnerJoin, posts::Relation::Users.def(), "author")
                    .filter(Expr::col(("author", NAME)).eq("ada"))
                    .count(db)
                    .await?;
                assert_eq!(joined, 2);
                let within = posts::Entity::find()
                    .filter(
                        posts::Column::UserId.in_subquery(
                            sea_orm::sea_query::Query::select()
                                .column(Column::Id)
                                .from(Entity)
                                .and_where(NAME.like("a%"))
                                .take(),
                        ),
                    )
                    .all(db)
                    .await?;
                assert_eq!(within.len(), 2);
                posts::Entity::delete_many().exec(db).await?;
                Ok(())
            }

            /// What `*` calls the column is a matter of the app's release.
            pub async fn star(db: &Shim) -> Result {
                let name = sea_orm::Iden::to_string(&NAME);
                let backend = db.get_database_backend();
                row(Some(4000), "kay", None).insert(db).await?;
                let sql = match backend {
                    sea_orm::DbBackend::MySql => "SELECT * FROM users WHERE id = ?",
                    _ => "SELECT * FROM users WHERE id = $1",
                };
                let statement = Statement::from_sql_and_values(backend, sql, [4000.into()]);
                let kay = Entity::find().from_raw_sql(statement.clone()).one(db).await?.unwrap();
                assert_eq!(kay.name(), "kay");
                let row = db.query_one_raw(statement).await?.unwrap();
                assert_eq!(row.try_get::<String>("", &name)?, "kay");
                Entity::delete_by_id(4000).exec(db).await?;
                Ok(())
            }
        }
    };
}

reads!(before);
reads!(after);
