//! Entities of both types, through the shim, in every state.

use std::time::Duration;

use handover::{Releases, Shim};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Statement, TransactionTrait as _,
};

use super::{generate, migrate};
use crate::support::project::{Db, Project};
use crate::support::rename::state;

/// Defines the entity of `people`, and all that code does with it, for one Rust type of `age`.
macro_rules! code {
    ($module:ident, $type:ty, $make:expr) => {
        mod $module {
            use super::*;

            mod people {
                use sea_orm::entity::prelude::*;

                #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
                #[sea_orm(table_name = "people")]
                pub struct Model {
                    #[sea_orm(primary_key, auto_increment = false)]
                    pub id: i32,
                    pub age: $type,
                    pub email: Option<String>,
                }

                #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
                pub enum Relation {}

                impl ActiveModelBehavior for ActiveModel {}
            }
            use people::{ActiveModel, Column, Entity};

            fn age(number: i32) -> $type {
                let make: fn(i32) -> $type = $make;
                make(number)
            }

            fn row(id: i32, number: i32) -> ActiveModel {
                ActiveModel { id: Set(id), age: Set(age(number)), email: Set(None) }
            }

            async fn read(db: &impl sea_orm::ConnectionTrait, id: i32) -> Option<$type> {
                Entity::find_by_id(id).one(db).await.unwrap().map(|row| row.age)
            }

            /// All that code does with the column, in rows of its own from `id` on.
            pub async fn everything(db: &Shim, id: i32) {
                let id = |more: i32| id + more;
                row(id(0), 15).insert(db).await.unwrap();
                assert_eq!(read(db, id(0)).await, Some(age(15)));
                let updated = row(id(0), 16).update(db).await.unwrap();
                assert_eq!(updated.age, age(16));
                let many = Entity::insert_many([row(id(1), 17), row(id(2), 18)]);
                many.exec(db).await.unwrap();
                let found = Entity::find()
                    .filter(Column::Age.eq(age(17)))
                    .filter(Column::Id.between(id(0), id(9)))
                    .all(db)
                    .await
                    .unwrap();
                assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [id(1)]);
                let set = Entity::update_many().col_expr(Column::Age, age(19).into());
                let set = set.filter(Column::Age.is_in([age(17), age(18)]));
                let set = set.filter(Column::Id.between(id(1), id(2))).exec(db).await.unwrap();
                assert_eq!(set.rows_affected, 2);
                let on = OnConflict::column(Column::Id).update_column(Column::Age).to_owned();
                let upsert = Entity::insert(row(id(2), 20)).on_conflict(on);
                upsert.exec_without_returning(db).await.unwrap();
                let ages: Vec<$type> = Entity::find()
                    .select_only()
                    .column(Column::Age)
                    .filter(Column::Id.between(id(0), id(9)))
                    .order_by_desc(Column::Age)
                    .into_tuple()
                    .all(db)
                    .await
                    .unwrap();
                assert_eq!(ages, [age(20), age(19), age(16)]);
                // The default, which the database itself has to know for both types.
                let sql = format!("INSERT INTO people (id) VALUES ({})", id(3));
                db.execute_unprepared(&sql).await.unwrap();
                assert_eq!(read(db, id(3)).await, Some(age(7)));
                let sql = format!(
                    "INSERT INTO people (id, age) SELECT id + 4, age FROM people WHERE id = {}",
                    id(0)
                );
                db.execute_unprepared(&sql).await.unwrap();
                assert_eq!(read(db, id(4)).await, Some(age(16)));
                let transaction = db.begin().await.unwrap();
                row(id(5), 21).insert(&transaction).await.unwrap();
                row(id(5), 22).update(&transaction).await.unwrap();
                assert_eq!(read(&transaction, id(5)).await, Some(age(22)));
                transaction.commit().await.unwrap();
                let sql = format!("SELECT * FROM people WHERE id = {}", id(5));
                let statement = Statement::from_string(db.get_database_backend(), sql);
                let star = db.query_one_raw(statement).await.unwrap().unwrap();
                assert_eq!(star.try_get::<$type>("", "age").unwrap(), age(22));
                let gone = Entity::delete_many().filter(Column::Id.between(id(0), id(9)));
                assert_eq!(gone.exec(db).await.unwrap().rows_affected, 6);
            }
        }
    };
}

code!(int, i32, |number| number);
code!(big, i64, i64::from);
code!(text, String, |number| number.to_string());

async fn shim(project: &Project, release: &str) -> Shim {
    Shim::builder(project.connect().await, Releases::default())
        .app_version(release)
        .lease(Duration::from_secs(30))
        .start()
        .await
        .unwrap()
}

/// All that code of both releases does; before expand, the later one is not there yet.
fn in_state(project: &Project, to: &str, both: bool) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (old, new) = (shim(project, "8.17.0").await, shim(project, "9.0.0").await);
        Box::pin(int::everything(&old, 100)).await;
        match to {
            _ if !both => {}
            "bigint" => Box::pin(big::everything(&new, 200)).await,
            _ => Box::pin(text::everything(&new, 200)).await,
        }
        for shim in [old, new] {
            shim.shutdown().await.unwrap();
        }
    });
}

#[test]
fn retype_code_of_both_types_in_every_state() {
    for (db, to) in [
        (Db::Postgres, "bigint"),
        (Db::Postgres, "text"),
        (Db::Mariadb, "bigint"),
        (Db::Mariadb, "varchar(30)"),
        (Db::Sqlite, "text"),
    ] {
        eprintln!("on {db:?}: integer to {to}");
        let project = Project::new(db);
        project.sql(
            "CREATE TABLE people (id integer PRIMARY KEY, age integer NOT NULL DEFAULT 7, \
             email varchar(20))",
        );
        project.sql("CREATE INDEX people_age ON people (age)");
        project.sql("INSERT INTO people VALUES (1, 5, 'e')");
        generate(&project, to, None);
        in_state(&project, to, false);
        migrate(&project, "9.0.0", "--pre", "dual_write");
        in_state(&project, to, true);
        migrate(&project, "9.0.0", "--post", "read_to");
        in_state(&project, to, true);
        #[cfg(feature = "failpoints")]
        for halfway in ["write_to", "announced"] {
            if halfway == "write_to" && db == Db::Sqlite {
                continue;
            }
            project.version("9.0.1");
            let mut command = project.command(&["db", "migrate", "--offline"]);
            command.env("FAILPOINTS", format!("migrator::entered::{halfway}=return"));
            assert!(!command.output().unwrap().status.success());
            crate::support::wait::until_gone(&project);
            assert_eq!(state(&project), halfway);
            in_state(&project, to, true);
        }
        migrate(&project, "9.0.1", "--post", "contracted");
        in_state(&project, to, true);
        let _ = project.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
        assert_eq!(state(&project), "pending");
        in_state(&project, to, false);
        assert_eq!(project.query("SELECT email FROM people WHERE age = 5"), ["e"]);
    }
}

/// A process of the new release writes a value that the earlier type cannot hold: it is refused while both
/// columns are there, and nothing is lost.
#[test]
fn retype_a_value_that_does_not_convert_back_is_refused() {
    for db in [Db::Postgres, Db::Mariadb] {
        let project = Project::new(db);
        project.sql("CREATE TABLE people (id integer PRIMARY KEY, age varchar(5))");
        project.sql("INSERT INTO people VALUES (1, 'short')");
        // Not at once, because the expressions are given.
        generate(&project, "varchar(200)", Some(("lower(age)", "age")));
        migrate(&project, "9.0.0", "--pre", "dual_write");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let new = shim(&project, "9.0.0").await;
            for lost in ["'much longer than that'", "'UPPER'"] {
                let sql = format!("UPDATE people SET age = {lost} WHERE id = 1");
                assert!(new.execute_unprepared(&sql).await.is_err(), "{lost}");
            }
            new.execute_unprepared("UPDATE people SET age = 'lower'").await.unwrap();
            new.shutdown().await.unwrap();
        });
        migrate(&project, "9.0.0", "--post", "read_to");
        assert_eq!(project.query("SELECT age FROM people"), ["lower"]);
    }
}
