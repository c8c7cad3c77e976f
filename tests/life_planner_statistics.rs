//! A column that statements begin to read has the planner's statistics, or they would be planned as if
//! nobody knew its values (PostgreSQL). Nobody else may collect them: a server without autovacuum.

use crate::support::postgres::own_server;
use crate::support::project::{Db, Project};

const TABLE: &str =
    "CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL, age integer, \
                         code varchar(10));
                     CREATE INDEX lower_name ON users (lower(username));
                     CREATE STATISTICS both_of (ndistinct) ON username, age FROM users;
                     INSERT INTO users SELECT n, 'u' || n, n, n FROM generate_series(1, 500) AS n;
                     ANALYZE users";

/// What the planner knows: columns, expressions of indexes, and statistics over several columns.
fn known(project: &Project) -> Vec<String> {
    project.query(
        "SELECT attname::text FROM pg_stats WHERE schemaname = 'public' \
         AND tablename IN ('users', 'lower_name') \
         UNION ALL SELECT 'lower of the new one' FROM pg_stats WHERE schemaname = 'public' \
         AND tablename NOT IN ('users', 'lower_name') AND tablename NOT LIKE 'handover%' \
         UNION ALL SELECT 'both' FROM pg_stats_ext WHERE n_distinct IS NOT NULL ORDER BY 1",
    )
}

fn generate(project: &Project, change: &[&str]) {
    let arguments = [&["gen"], change, &["--release", "9.0.0"]].concat();
    let _ = project.handover(&arguments).expect_status(0);
}

fn at(project: &Project, release: &str, arguments: &[&str]) -> Vec<String> {
    project.version(release);
    let _ = project.handover(arguments).expect_status(0);
    known(project)
}

#[test]
fn planner_knows_the_values_of_a_column_before_it_is_read() {
    let server = own_server("-c autovacuum=off");
    let project = |name: &str| {
        server.run("postgres", &[&format!("CREATE DATABASE {name}")]);
        let project = Project::at(Db::Postgres, server.url(name));
        project.sql(TABLE);
        assert_eq!(known(&project), ["age", "both", "code", "id", "lower", "username"]);
        project
    };
    let (pre, post) = (["db", "migrate", "--pre"], ["db", "migrate", "--post", "--offline"]);

    let copied = project("copied");
    generate(&copied, &["rename", "users.username", "handle"]);
    at(&copied, "9.0.0", &pre);
    let all = [
        "age",
        "both",
        "both",
        "code",
        "handle",
        "id",
        "lower",
        "lower of the new one",
        "username",
    ];
    assert_eq!(at(&copied, "9.0.0", &post), all);
    let contracted = at(&copied, "9.0.1", &["db", "migrate", "--offline"]);
    assert!(contracted.contains(&"handle".to_owned()), "{contracted:?}");
    let back = at(&copied, "9.0.1", &["db", "rollback"]);
    assert!(back.contains(&"username".to_owned()), "{back:?}");
    assert_eq!(back.len(), all.len());

    let retyped = project("retyped");
    generate(&retyped, &["retype", "users.code", "integer"]);
    at(&retyped, "9.0.0", &pre);
    assert!(at(&retyped, "9.0.0", &post).contains(&"code_integer".to_owned()));
    let contracted = at(&retyped, "9.0.1", &["db", "migrate", "--offline"]);
    assert!(contracted.contains(&"code".to_owned()), "{contracted:?}");
    let back = at(&retyped, "9.0.1", &["db", "rollback"]);
    assert!(back.contains(&"code".to_owned()), "{back:?}");

    let at_once = project("at_once");
    generate(&at_once, &["retype", "users.code", "text"]);
    assert!(at(&at_once, "9.0.0", &pre).contains(&"code".to_owned()));
}
