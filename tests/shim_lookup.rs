//! Bare names that may be another table's column: the shim asks the database for its columns, and the name
//! means what it means to the database.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use handover::{Releases, Shim, ShimError};
use sea_orm::{ConnectionTrait, DbErr, Statement, StreamTrait, TransactionTrait as _, sqlx};

use crate::support::app;
use crate::support::project::{Db, Project, each_database};

/// Two users in `dual_write`. `tags` has a column that is called as the renamed one, `posts` has not.
fn migrated(project: &Project) {
    project.sql(app::users(project.db));
    project.sql("INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'joan')");
    project.sql(
        "DROP TABLE IF EXISTS posts; CREATE TABLE posts (author integer, title varchar(20));
         INSERT INTO posts VALUES (1, 'one'), (2, 'two');
         CREATE TABLE tags (author integer, username varchar(20));
         INSERT INTO tags VALUES (1, 'joan'), (2, 'eve')",
    );
    project.copy_worked_example();
    project.version("9.0.0");
    let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
}

/// Runs a test through a shim, on one thread.
fn with_shim(project: &Project, test: impl AsyncFn(&Shim)) {
    migrated(project);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let shim = Shim::builder(project.connect().await, Releases::default());
        let shim = shim.app_version("9.0.0").lease(Duration::from_mins(5)).start().await.unwrap();
        test(&shim).await;
        shim.shutdown().await.unwrap();
    });
}

/// The ids that a query gives, in order.
async fn ids(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<i32>, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await?;
    let mut ids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<_>, _>>()?;
    ids.sort_unstable();
    Ok(ids)
}

/// `posts` has no `username`, so this is `users.username`.
const OF_USERS: &str =
    "SELECT id FROM users WHERE id IN (SELECT author FROM posts WHERE username = 'joan')";

/// `tags` has a `username`, which comes before that of `users`.
const OF_TAGS: &str =
    "SELECT id FROM users WHERE id IN (SELECT author FROM tags WHERE username = 'joan')";

#[test]
fn shim_lookup_a_bare_name_means_what_it_means_to_the_database() {
    each_database(|project| {
        with_shim(project, async |shim| {
            for _ in 0..2 {
                assert_eq!(ids(shim, OF_USERS).await.unwrap(), [2]);
                assert_eq!(ids(shim, OF_TAGS).await.unwrap(), [1]);
            }
            // In the code of this release `users` has no `username`.
            let both = "SELECT id FROM users, tags WHERE username = 'eve' AND handle = 'ada'";
            assert_eq!(ids(shim, both).await.unwrap(), [1]);
            let shown = "SELECT id FROM users WHERE id = (SELECT author FROM \
                         (SELECT * FROM tags) AS t WHERE username = 'eve')";
            assert_eq!(ids(shim, shown).await.unwrap(), [2]);
            let delete =
                "DELETE FROM users WHERE id = (SELECT author FROM tags WHERE username = 'eve')";
            shim.execute_unprepared(delete).await.unwrap();
            assert_eq!(ids(shim, "SELECT id FROM users").await.unwrap(), [1]);
        });
    });
}

#[test]
fn shim_lookup_in_transactions_streams_and_rewritten_texts() {
    each_database(|project| {
        with_shim(project, async |shim| {
            let backend = ConnectionTrait::get_database_backend(shim);
            let statement = || Statement::from_string(backend, OF_USERS);
            let rows: Vec<_> =
                shim.stream_raw(statement()).await.unwrap().try_collect().await.unwrap();
            assert_eq!(rows.len(), 1);
            let transaction = shim.begin().await.unwrap();
            assert_eq!(ids(&transaction, OF_TAGS).await.unwrap(), [1]);
            let rows: Vec<_> =
                transaction.stream_raw(statement()).await.unwrap().try_collect().await.unwrap();
            assert_eq!(rows.len(), 1);
            transaction.commit().await.unwrap();
            let text =
                "SELECT id FROM users WHERE id IN (SELECT author FROM posts WHERE handle = 'ada')";
            let sent = shim.rewrite(text).await.unwrap();
            assert!(sent.sql().contains("users."), "{}", sent.sql());
            let bare = project.connect().await;
            assert_eq!(ids(&bare, sent.sql()).await.unwrap(), [1]);
        });
    });
}

/// The error of the database, and nothing of the shim.
#[test]
fn shim_lookup_of_a_table_that_does_not_exist_gives_the_databases_own_error() {
    each_database(|project| {
        with_shim(project, async |shim| {
            let sql =
                "DELETE FROM users WHERE id = (SELECT author FROM nowhere WHERE username = '')";
            let bare = project.connect().await;
            let expected = bare.execute_unprepared(sql).await.unwrap_err();
            let found = shim.execute_unprepared(sql).await.unwrap_err();
            assert!(expected.to_string().contains("nowhere"), "{expected}");
            let said = |error: &DbErr| {
                let text = error.to_string();
                text.rsplit_once(": ").map(|(_, said)| said.to_owned()).unwrap_or(text)
            };
            assert_eq!(said(&found), said(&expected));
            project.sql("CREATE TABLE nowhere (author integer, username varchar(20))");
            assert_eq!(shim.execute_unprepared(sql).await.unwrap().rows_affected(), 0);
        });
    });
}

/// Another migration gives `posts` a column of that name, or takes it from `tags`, while the rename is
/// under way.
#[test]
fn shim_lookup_again_when_the_database_disagrees() {
    each_database(|project| {
        with_shim(project, async |shim| {
            assert_eq!(ids(shim, OF_USERS).await.unwrap(), [2]);
            assert_eq!(ids(shim, OF_TAGS).await.unwrap(), [1]);
            project.sql("ALTER TABLE posts ADD COLUMN username varchar(20)");
            // What it meant when it was looked up, for the whole epoch.
            assert_eq!(ids(shim, OF_USERS).await.unwrap(), [2]);
            project.sql("ALTER TABLE tags DROP COLUMN username");
            // Not there any more: the name is that of `users`.
            assert_eq!(ids(shim, OF_TAGS).await.unwrap(), [2]);
            // By now `posts` was looked up again, too.
            assert_eq!(ids(shim, OF_USERS).await.unwrap(), [0; 0]);
        });
    });
}

/// A transaction ends with the error on PostgreSQL, and so the app has to run it again.
#[test]
fn shim_lookup_again_in_a_transaction() {
    each_database(|project| {
        with_shim(project, async |shim| {
            assert_eq!(ids(shim, OF_TAGS).await.unwrap(), [1]);
            project.sql("ALTER TABLE tags DROP COLUMN username");
            let mut transaction = shim.begin().await.unwrap();
            if project.db == Db::Postgres {
                let error = ids(&transaction, OF_TAGS).await.unwrap_err();
                assert!(ShimError::is_run_again(&error), "{error}");
                transaction.rollback().await.unwrap();
                transaction = shim.begin().await.unwrap();
            }
            assert_eq!(ids(&transaction, OF_TAGS).await.unwrap(), [2]);
            transaction.commit().await.unwrap();
        });
    });
}

/// A column that no table has is an error of the app's, which keeps its text.
#[test]
fn shim_lookup_again_does_not_hide_an_error_of_the_app() {
    each_database(|project| {
        with_shim(project, async |shim| {
            let sql =
                "SELECT nope FROM users WHERE id IN (SELECT author FROM posts WHERE username = '')";
            let transaction = shim.begin().await.unwrap();
            let errors =
                [ids(shim, sql).await.unwrap_err(), ids(&transaction, sql).await.unwrap_err()];
            for error in errors {
                assert!(error.to_string().contains("nope"), "{error}");
                assert!(!ShimError::is_run_again(&error) && !ShimError::is_refused(&error));
            }
            transaction.rollback().await.unwrap();
        });
    });
}

#[test]
fn shim_lookup_again_for_a_text_that_the_app_sends_itself() {
    let project = Project::new(Db::Sqlite);
    with_shim(&project, async |shim| {
        let bare = project.connect().await;
        let pool = bare.get_sqlite_connection_pool().clone();
        let before = shim.rewrite(OF_TAGS).await.unwrap();
        project.sql("ALTER TABLE tags DROP COLUMN username");
        let send =
            async |sql: &str| sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&pool).await;
        let error = send(before.sql()).await.unwrap_err();
        assert!(before.is_outdated(&error).await.unwrap(), "{error}");
        let after = shim.rewrite(OF_TAGS).await.unwrap();
        send(after.sql()).await.unwrap();
        let error = send("SELECT nope FROM users").await.unwrap_err();
        assert!(!after.is_outdated(&error).await.unwrap());
    });
}

/// A temporary table comes before the other one of its name, in its own transaction only.
#[test]
fn shim_lookup_of_a_temporary_table() {
    each_database(|project| {
        with_shim(project, async |shim| {
            assert_eq!(ids(shim, OF_USERS).await.unwrap(), [2]);
            let transaction = shim.begin().await.unwrap();
            assert_eq!(ids(&transaction, OF_USERS).await.unwrap(), [2]);
            for sql in [
                "CREATE TEMPORARY TABLE posts (author integer, username varchar(20))",
                "INSERT INTO posts VALUES (1, 'joan')",
            ] {
                transaction.execute_unprepared(sql).await.unwrap();
            }
            for _ in 0..2 {
                assert_eq!(ids(&transaction, OF_USERS).await.unwrap(), [1]);
            }
            if project.db != Db::Sqlite {
                assert_eq!(ids(shim, OF_USERS).await.unwrap(), [2]);
            }
            transaction.execute_unprepared("DROP TABLE posts").await.unwrap();
            assert_eq!(ids(&transaction, OF_USERS).await.unwrap(), [2]);
            transaction.commit().await.unwrap();
            assert_eq!(ids(shim, OF_USERS).await.unwrap(), [2]);
        });
    });
}

/// The app changes its schema through the shim.
#[test]
fn shim_lookup_is_forgotten_when_the_app_changes_the_schema() {
    each_database(|project| {
        with_shim(project, async |shim| {
            assert_eq!(ids(shim, OF_USERS).await.unwrap(), [2]);
            let add = "ALTER TABLE posts ADD COLUMN username varchar(20)";
            shim.execute_unprepared(add).await.unwrap();
            assert_eq!(ids(shim, OF_USERS).await.unwrap(), [0; 0]);
            let transaction = shim.begin().await.unwrap();
            assert_eq!(ids(&transaction, OF_USERS).await.unwrap(), [0; 0]);
            let drop = "ALTER TABLE posts DROP COLUMN username";
            transaction.execute_unprepared(drop).await.unwrap();
            assert_eq!(ids(&transaction, OF_USERS).await.unwrap(), [2]);
            transaction.commit().await.unwrap();
            assert_eq!(ids(shim, OF_USERS).await.unwrap(), [2]);
        });
    });
}

/// Names are found as the database finds them: by the search path, temporary ones first, and views as well.
#[test]
fn shim_lookup_finds_a_table_where_the_database_does() {
    each_database(|project| {
        with_shim(project, async |shim| {
            project.sql("CREATE VIEW shown AS SELECT author, username FROM tags");
            let of_view = OF_TAGS.replace("tags", "shown");
            assert_eq!(ids(shim, &of_view).await.unwrap(), [1]);
            if project.db == Db::Postgres {
                project.sql("CREATE SCHEMA other");
                project.sql("CREATE TABLE other.posts (author integer, username text)");
                assert_eq!(ids(shim, OF_USERS).await.unwrap(), [2]);
                let of_other = OF_USERS.replace("posts", "other.posts");
                assert_eq!(ids(shim, &of_other).await.unwrap(), [0; 0]);
                let transaction = shim.begin().await.unwrap();
                let path = "SET LOCAL search_path TO other, public";
                transaction.execute_unprepared(path).await.unwrap();
                assert_eq!(ids(&transaction, OF_USERS).await.unwrap(), [0; 0]);
                transaction.commit().await.unwrap();
                assert_eq!(ids(shim, OF_USERS).await.unwrap(), [2]);
            }
            if project.db == Db::Sqlite {
                let transaction = shim.begin().await.unwrap();
                let view = "CREATE TEMP VIEW posts AS SELECT author, username FROM tags";
                transaction.execute_unprepared(view).await.unwrap();
                assert_eq!(ids(&transaction, OF_USERS).await.unwrap(), [1]);
                let of_main = OF_USERS.replace("posts", "main.posts");
                assert_eq!(ids(&transaction, &of_main).await.unwrap(), [2]);
                transaction.rollback().await.unwrap();
            }
        });
    });
}
