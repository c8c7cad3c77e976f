//! `Shim::rewrite`, for statements that do not go through sea-orm.

use handover::{Releases, Shim};
use sea_orm::sqlx;

use crate::support::app;
use crate::support::project::{Db, Project};
use crate::support::wait::until_async;

const MOVE_ON: &str = "
    ALTER TABLE users DROP COLUMN handle;
    UPDATE handover_metadata SET epoch = epoch + 1;
    UPDATE handover_changes SET state = 'pending', epoch = (SELECT epoch FROM handover_metadata)";

#[test]
fn shim_rewrite_gives_text_order_and_whether_to_send_again() {
    let project = Project::new(Db::Sqlite);
    project.sql(app::users(project.db));
    project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
    project.copy_worked_example();
    project.version("9.0.0");
    let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let connection = project.connect().await;
        let pool = connection.get_sqlite_connection_pool().clone();
        let shim = Shim::builder(connection, Releases::default());
        let shim = shim.app_version("9.0.0").start().await.unwrap();

        let same = shim.rewrite("SELECT id FROM posts WHERE id = ?").await.unwrap();
        assert_eq!(same.sql(), "SELECT id FROM posts WHERE id = ?");
        assert_eq!(same.order(&[7, 8]).collect::<Vec<_>>(), [&7, &8]);
        assert!(shim.rewrite("SELECT handle FROM users WHERE (").await.is_err());

        let update = "UPDATE users SET handle = ? WHERE username = ?";
        let values = ["grace", "ada"];
        let both = shim.rewrite(update).await.unwrap();
        assert!(both.sql().contains("username") && both.sql().contains("handle"), "{both:?}");
        project.sql(MOVE_ON);
        let bound = |sent: &handover::Rewritten| {
            let query = sqlx::query(sqlx::AssertSqlSafe(sent.sql().to_owned()));
            sent.order(&values).fold(query, |query, value| query.bind((*value).to_owned()))
        };
        let error = bound(&both).execute(&pool).await.unwrap_err();
        assert!(both.is_outdated(&error).await.unwrap(), "{error}");
        let one = shim.rewrite(update).await.unwrap();
        assert_eq!(bound(&one).execute(&pool).await.unwrap().rows_affected(), 1);
        // A column that never was is no reason to send again.
        let nope = sqlx::query("SELECT nope FROM users").execute(&pool).await.unwrap_err();
        assert!(!one.is_outdated(&nope).await.unwrap());

        // Until the last of the earlier mapping is gone, the epoch that followed is not acknowledged.
        let behind = "SELECT CAST(count(*) AS text) FROM handover_instances, handover_metadata \
                      WHERE acknowledged < epoch";
        assert_eq!(project.query(behind), ["1"]);
        drop((same, both));
        until_async("the epoch is acknowledged", async || {
            let _ = shim.rewrite("SELECT 1").await.unwrap();
            project.query(behind) == ["0"]
        })
        .await;
        shim.shutdown().await.unwrap();
    });
    assert_eq!(project.query("SELECT username FROM users"), ["grace"]);
}
