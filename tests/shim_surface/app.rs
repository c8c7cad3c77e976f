//! The source of the app. Methods of traits are called with the trait in scope, as with sea-orm's own
//! types; `commit` and `rollback` without `TransactionSession`.

/// Defines the app for a type of connection and the type of its transactions.
macro_rules! app {
    ($name:ident, $connection:ty, $transaction:ty) => {
        pub mod $name {
            use futures_util::TryStreamExt as _;
            use sea_orm::{
                AccessMode, ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _,
                ConnectionTrait, DbBackend, DbErr, EntityLoaderTrait as _, EntityTrait as _,
                IsolationLevel, LoaderTrait as _, ModelTrait as _, PaginatorTrait as _,
                QueryFilter as _, QueryOrder as _, Statement, StreamTrait, TransactionError,
                TransactionOptions, TransactionTrait,
            };

            use crate::shim_surface::entities::{cake, fruit};

            type Connection = $connection;
            type Transaction = $transaction;
            type Result<T> = std::result::Result<T, DbErr>;

            /// Calls everything, and returns what there was to see.
            pub async fn everything(db: Connection) -> Result<Vec<String>> {
                let mut seen = Vec::new();
                own_methods(&db).await?;
                transactions(&db).await?;
                seen.extend(entities(&db).await?);
                seen.extend(statements(&db).await?);
                takes_traits(&db, &db.clone());
                db.clone().close().await?;
                assert!(db.ping().await.is_err());
                db.close_by_ref().await?;
                Ok(seen)
            }

            async fn own_methods(db: &Connection) -> Result<()> {
                db.ping().await?;
                match db.get_database_backend() {
                    DbBackend::Sqlite => assert!(!db.get_sqlite_connection_pool().is_closed()),
                    DbBackend::Postgres => assert!(!db.get_postgres_connection_pool().is_closed()),
                    _ => assert!(!db.get_mysql_connection_pool().is_closed()),
                }
                let builder = db.get_schema_builder().register(cake::Entity);
                builder.register(fruit::Entity).apply(db).await?;
                #[cfg(feature = "entity-registry")]
                db.get_schema_registry("nothing::*").apply(db).await?;
                Ok(())
            }

            async fn add(db: &impl ConnectionTrait, name: &str) -> Result<()> {
                let row = cake::ActiveModel { name: Set(name.to_owned()), ..Default::default() };
                cake::Entity::insert(row).exec_without_returning(db).await.map(drop)
            }

            fn failure() -> DbErr {
                DbErr::Custom("the callback fails".to_owned())
            }

            async fn transactions(db: &Connection) -> Result<()> {
                let transaction: Transaction = db.begin().await?;
                add(&transaction, "committed").await?;
                let nested = transaction.begin().await?;
                add(&nested, "rolled back in a savepoint").await?;
                nested.rollback().await?;
                transaction.commit().await?;
                let transaction = db.begin_with_options(TransactionOptions::default()).await?;
                add(&transaction, "rolled back").await?;
                transaction.rollback().await?;
                db.transaction::<_, (), DbErr>(|transaction| {
                    Box::pin(async move { add(transaction, "by a callback").await })
                })
                .await
                .unwrap();
                db.transaction_async(async |transaction: &Transaction| {
                    add(transaction, "by an async callback").await?;
                    let nested = transaction.transaction_async(async |nested: &Transaction| {
                        add(nested, "rolled back in a nested callback").await?;
                        Err::<(), _>(failure())
                    });
                    assert!(matches!(nested.await, Err(TransactionError::Transaction(_))));
                    transaction
                        .transaction_with_config_async(
                            async |nested: &Transaction| add(nested, "nested").await,
                            None,
                            None,
                        )
                        .await
                        .unwrap();
                    Ok::<_, DbErr>(())
                })
                .await
                .unwrap();
                let refused = db.transaction_with_config_async(
                    async |transaction: &Transaction| {
                        add(transaction, "rolled back by an async callback").await?;
                        Err::<(), _>(failure())
                    },
                    Some(IsolationLevel::Serializable),
                    Some(AccessMode::ReadWrite),
                );
                assert!(matches!(refused.await, Err(TransactionError::Transaction(_))));
                Ok(())
            }

            async fn entities(db: &Connection) -> Result<Vec<String>> {
                let cakes = cake::Entity::find().order_by_asc(cake::Column::Id).all(db).await?;
                for cake in &cakes {
                    let name = format!("fruit of {}", cake.name);
                    let row = fruit::ActiveModel {
                        name: Set(name),
                        cake_id: Set(cake.id),
                        ..Default::default()
                    };
                    row.insert(db).await?;
                }
                let nested = cake::ActiveModel::builder()
                    .set_name("with its fruit")
                    .add_fruit(fruit::ActiveModel::builder().set_name("saved with it"));
                nested.save(db).await?;
                let loaded =
                    cake::Entity::load().with(fruit::Entity).order_by_id_asc().all(db).await?;
                let mut seen: Vec<String> = loaded
                    .iter()
                    .flat_map(|cake| {
                        cake.fruits.iter().map(|fruit| format!("{}: {}", cake.name, fruit.name))
                    })
                    .collect();
                let by_loader = cakes.load_many(fruit::Entity, db).await?;
                seen.push(by_loader.iter().map(Vec::len).sum::<usize>().to_string());
                seen.push(cakes[0].find_related(fruit::Entity).count(db).await?.to_string());
                let page = cake::Entity::find().order_by_asc(cake::Column::Id).paginate(db, 2);
                seen.push(page.fetch_page(0).await?[1].name.clone());
                let mut cursor = cake::Entity::find().cursor_by(cake::Column::Id);
                seen.push(cursor.first(1).all(db).await?[0].name.clone());
                let gone = fruit::Entity::delete_many().filter(fruit::Column::Name.eq("none"));
                seen.push(gone.exec(db).await?.rows_affected.to_string());
                Ok(seen)
            }

            async fn statements(db: &Connection) -> Result<Vec<String>> {
                let select = "SELECT name FROM cake ORDER BY id";
                let statement = || Statement::from_string(db.get_database_backend(), select);
                let mut seen = Vec::new();
                for row in db.query_all_raw(statement()).await? {
                    seen.push(row.try_get::<String>("", "name")?);
                }
                let first = db.query_one_raw(statement()).await?.unwrap();
                seen.push(first.try_get::<String>("", "name")?);
                let streamed: Vec<_> = db.stream_raw(statement()).await?.try_collect().await?;
                seen.push(streamed.len().to_string());
                seen.push(db.support_returning().to_string());
                db.execute_unprepared("DELETE FROM fruit").await?;
                Ok(seen)
            }

            /// Code of a library that takes any connection.
            fn takes_traits<C>(_: &C, _: &(impl TransactionTrait + StreamTrait))
            where
                C: ConnectionTrait + Clone + Send + Sync + std::fmt::Debug + 'static,
            {
            }

            #[cfg(feature = "schema-sync")]
            pub async fn sync(db: &Connection) -> Result<Vec<String>> {
                for _ in 0..2 {
                    let builder = db.get_schema_builder().register(cake::Entity);
                    builder.register(fruit::Entity).sync(db).await?;
                }
                add(db, "after the sync").await?;
                statements(db).await
            }
        }
    };
}

app!(theirs, sea_orm::DatabaseConnection, sea_orm::DatabaseTransaction);
app!(ours, handover::Shim, handover::shim::ShimTransaction);
