//! In the middle states two unique indexes exist, and an upsert names only one of them.

use handover::{Releases, Shim};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    TransactionTrait as _,
};

use crate::support::app::{self, after, before};
use crate::support::project::{Db, Project};
use crate::support::rename::{USERS, state};

const TASKS: i32 = 8;
const ROUNDS: i32 = 150;
const KEYS: i32 = 3;

async fn upsert(db: &impl ConnectionTrait, name: &str, by_handle: bool) -> Result<(), DbErr> {
    if by_handle {
        let on = OnConflict::column(after::users::NAME)
            .update_column(after::users::Column::Email)
            .to_owned();
        let row = after::users::row(None, name, Some("x"));
        after::users::Entity::insert(row).on_conflict(on).exec_without_returning(db).await?;
    } else {
        let sql = format!(
            "INSERT INTO users (username) VALUES ('{name}') ON CONFLICT (username) DO UPDATE SET email = 'y'"
        );
        db.execute_unprepared(&sql).await?;
    }
    Ok(())
}

async fn delete(db: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    let named = before::users::NAME.eq(name);
    before::users::Entity::delete_many().filter(named).exec(db).await?;
    Ok(())
}

/// What one task does: deletes and upserts of few keys, outside of transactions and in them.
async fn work(shim: Shim, task: i32) -> Result<(), DbErr> {
    for round in 0..ROUNDS {
        let name = format!("name {}", (round * 7 + task) % KEYS);
        if (round + task) % 3 == 0 {
            delete(&shim, &name).await?;
        } else if (round + task) % 5 == 0 {
            let transaction = shim.begin().await?;
            upsert(&transaction, &name, round % 2 == 0).await?;
            transaction.commit().await?;
        } else {
            upsert(&shim, &name, round % 2 == 0).await?;
        }
    }
    Ok(())
}

fn contend(project: &Project) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        each_first_attempt_fails(project).await.unwrap();
        let shim = Shim::builder(project.connect().await, Releases::default());
        let shim = shim.app_version("9.0.0").start().await.unwrap();
        let tasks: Vec<_> = (0..TASKS).map(|task| tokio::spawn(work(shim.clone(), task))).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        shim.shutdown().await.unwrap();
    });
    USERS.expect_equal(project);
}

/// The race, made certain: every first attempt meets the twin.
async fn each_first_attempt_fails(project: &Project) -> Result<(), DbErr> {
    project.sql(
        "DELETE FROM users; CREATE SEQUENCE attempts;
         CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN IF nextval(''attempts'') % 2 = 1 THEN RAISE unique_violation; END IF;
                  RETURN NEW; END';
         CREATE TRIGGER meet BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION meet()",
    );
    let shim = Shim::builder(project.connect().await, Releases::default());
    let shim = shim.app_version("9.0.0").start().await?;
    for by_handle in [true, false] {
        upsert(&shim, "ada", by_handle).await?;
        let transaction = shim.begin().await?;
        upsert(&transaction, "ada", by_handle).await?;
        let nested = transaction.begin().await?;
        upsert(&nested, "grace", by_handle).await?;
        nested.commit().await?;
        transaction.commit().await?;
    }
    shim.shutdown().await?;
    assert_eq!(project.query("SELECT last_value::text FROM attempts"), ["12"]);
    assert_eq!(project.query("SELECT handle FROM users ORDER BY 1"), ["ada", "grace"]);
    project.sql(
        "DROP TRIGGER meet ON users; DROP FUNCTION meet; DROP SEQUENCE attempts; DELETE FROM users",
    );
    Ok(())
}

#[test]
fn life_upserts_meet_the_twin_of_their_arbiter() {
    let project = Project::new(Db::Postgres);
    project.sql(app::users(project.db));
    project.copy_worked_example();
    project.version("9.0.0");
    #[cfg(feature = "failpoints")]
    {
        let mut halfway = project.command(&["db", "migrate", "--offline"]);
        halfway.env("FAILPOINTS", "migrator::not_null::set=return");
        assert!(!halfway.output().unwrap().status.success());
        assert_eq!(state(&project), "dual_write");
        contend(&project);
    }
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    assert_eq!(state(&project), "read_to");
    contend(&project);
}

/// SQLite takes the default for a NULL that replaces a row of a NOT NULL column. The other column
/// was nullable, took the NULL, and the row was torn: random statements found it.
#[test]
fn life_upserts_of_null_that_sqlite_replaces_by_the_default() {
    let project = Project::new(Db::Sqlite);
    project
        .sql("CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL DEFAULT 'none')");
    USERS.write(&project);
    project.version("9.0.0");
    for (phase, there) in [("--pre", "dual_write"), ("--post", "read_to")] {
        let _ = project.handover(&["db", "migrate", "--offline", phase]).expect_status(0);
        assert_eq!(state(&project), there);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let shim = Shim::builder(project.connect().await, Releases::default());
            let shim = shim.app_version("8.17.0").start().await.unwrap();
            for sql in [
                "REPLACE INTO users (id, username) VALUES (1, NULL)",
                "INSERT OR REPLACE INTO users (id, username) VALUES (2, 'ada'), (2, NULL)",
                "UPDATE OR REPLACE users SET username = NULL WHERE id = 1",
            ] {
                shim.execute_unprepared(sql).await.unwrap();
            }
            shim.shutdown().await.unwrap();
        });
        assert_eq!(
            project.query("SELECT id || username || handle FROM users"),
            ["1nonenone", "2nonenone"]
        );
    }
}
