//! Code of both releases beside each other, in every state.

use handover::{Releases, Shim};
use sea_orm::{ConnectionTrait as _, Statement};

use super::{at, project};
use crate::support::project::{Project, each_database};

async fn columns(shim: &Shim, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(shim.get_database_backend(), sql);
    let row = shim.query_one_raw(statement).await.unwrap().unwrap();
    row.column_names()
}

/// Sends what code of a release without the column sends; `knows` if it is code of the release before.
fn use_it(project: &Project, release: &str, knows: bool) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let shim = Shim::builder(project.connect().await, Releases::default())
            .app_version(release)
            .start()
            .await
            .unwrap();
        let run = async |sql: &str| {
            shim.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"))
        };
        let all = columns(&shim, "SELECT * FROM users").await;
        if knows {
            assert_eq!(all, ["id", "nickname", "email"]);
            run("INSERT INTO users (nickname, email) VALUES ('eve', 'e@x')").await;
            run("INSERT INTO users VALUES (77, 'fay', 'f@x')").await;
            run("UPDATE users SET nickname = 'gus' WHERE nickname = 'fay'").await;
        } else {
            assert_eq!(all, ["id", "email"]);
            run("INSERT INTO users (email) VALUES ('e@x')").await;
            run("INSERT INTO users VALUES (77, 'f@x')").await;
            run(
                "INSERT INTO users (id, email) SELECT 78, u.email FROM (SELECT * FROM users) AS u \
                 WHERE u.id = 77",
            )
            .await;
            run("DELETE FROM users WHERE id = 78").await;
        }
        run("DELETE FROM users WHERE id = 77").await;
        run("DELETE FROM users WHERE email = 'e@x'").await;
        shim.shutdown().await.unwrap();
    });
}

#[test]
fn drop_code_of_both_releases_in_every_state() {
    each_database(|given| {
        let project = project(given.db);
        use_it(&project, "8.0.0", true);
        at(&project, "9.0.0", &["db", "migrate", "--offline"], 0);
        use_it(&project, "8.0.0", true);
        use_it(&project, "9.0.0", false);
        at(&project, "9.0.1", &["db", "migrate", "--offline"], 0);
        use_it(&project, "9.0.1", false);
        at(&project, "9.1.0", &["db", "migrate", "--offline"], 0);
        use_it(&project, "9.1.0", false);
    });
}
