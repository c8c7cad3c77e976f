//! Assignments to a part of an array, on PostgreSQL: of another column of a renamed table in every
//! state, of the renamed one where only one column is written.

use handover::{Releases, Shim, ShimError};
use sea_orm::ConnectionTrait as _;

use crate::support::project::{Db, Project, query};
use crate::support::rename::{USERS, state};

const STATEMENTS: [&str; 6] = [
    "INSERT INTO users (id, username, tags[1], tags[3]) VALUES (1, '{a,b}', 'x', 'y')",
    "UPDATE users SET tags[2] = username[1], username = array_append(username, 'c')",
    "INSERT INTO users (id, tags[1:2]) VALUES (1, '{p,q}') ON CONFLICT (id) DO UPDATE SET tags[1] = excluded.tags[2] || users.username[3]",
    "MERGE INTO users USING (VALUES (1), (2)) AS v (n) ON n = id WHEN MATCHED THEN UPDATE SET tags[4] = n::text WHEN NOT MATCHED THEN INSERT (id, username, tags[2]) VALUES (n, '{d}', 'z')",
    "UPDATE users SET (tags[1], id) = ('r', 3) WHERE username[1] = 'd'",
    "UPDATE users SET set['a']['b'] = to_jsonb(username[1])",
];

const PART: &str = "UPDATE users SET username[2] = 'part', username[3] = username[1] WHERE id = 1";

const EXPECT: [&str; 2] = ["1 {a,b,c} {qc,a,y,1} a", "3 {d} {r,z} d"];

#[test]
fn parts_of_arrays_are_set_in_every_state() {
    let project = Project::new(Db::Postgres);
    project.sql(
        "CREATE TABLE users (id integer PRIMARY KEY, username text[], tags text[], set jsonb)",
    );
    USERS.write(&project);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (version, phase, expect, columns) in [
        ("9.0.0", "--pre", "dual_write", &["username", "handle"][..]),
        ("9.0.0", "--post", "read_to", &["username", "handle"]),
        ("9.0.1", "--post", "contracted", &["handle"]),
    ] {
        project.version(version);
        let _ = project.handover(&["db", "migrate", "--offline", phase]).expect_status(0);
        assert_eq!(state(&project), expect);
        runtime.block_on(async {
            let shim = Shim::builder(project.connect().await, Releases::default());
            let shim = shim.app_version("8.17.0").start().await.unwrap();
            let plain = project.connect().await;
            for sql in STATEMENTS {
                let sent = shim.execute_unprepared(sql).await;
                sent.unwrap_or_else(|error| panic!("{expect}: {sql}: {error}"));
            }
            for column in columns {
                let sql =
                    format!("SELECT concat_ws(' ', id, {column}, tags, set['a']->>'b') FROM users ORDER BY id");
                assert_eq!(query(&plain, &sql).await, EXPECT, "{expect}: {column}");
            }
            let part = shim.execute_unprepared(PART).await;
            if let [only] = columns {
                part.unwrap();
                let sql = format!("SELECT {only}::text FROM users WHERE id = 1");
                assert_eq!(query(&plain, &sql).await, ["{a,part,a}"]);
            } else {
                let error = part.unwrap_err();
                assert!(ShimError::is_refused(&error), "{error}");
                let refused = error.to_string();
                assert!(refused.contains("a part of a column that is written twice"), "{refused}");
            }
            shim.execute_unprepared("DELETE FROM users").await.unwrap();
            shim.shutdown().await.unwrap();
        });
    }
}
