//! Nothing that a role, a database or a server sets for its sessions changes what a migration does.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};

use crate::support::project::{Db, Project};
use crate::support::rename::{USERS, state};

/// The whole life of the rename and back, with the command's sessions set so.
fn live(project: &Project, url: &str) {
    let run = |release: &str, arguments: &[&str]| {
        project.version(release);
        let arguments = [arguments, &["--database-url", url]].concat();
        let _ = project.handover(&arguments).expect_status(0);
    };
    run("9.0.0", &["db", "migrate", "--offline"]);
    assert_eq!(state(project), "read_to");
    USERS.expect_equal(project);
    run("9.0.1", &["db", "migrate", "--offline"]);
    run("9.0.1", &["db", "rollback", "--step", "3"]);
    assert_eq!(state(project), "pending");
}

/// The issue's own case: a role with a short `statement_timeout` never got its index built; and the
/// other settings by which statements fail, wait, or mean something else.
#[test]
fn life_session_settings_of_a_role_do_not_count() {
    let project = Project::new(Db::Postgres);
    project.sql(
        "CREATE TABLE users (born date, at timestamptz, took interval, ratio float8, username text NOT NULL,
                             PRIMARY KEY (born, at, took, ratio));
         INSERT INTO users SELECT '2026-02-03'::date + n, timestamptz '2026-10-25 00:30:00.123456+00' + n * interval '7 minutes',
             n * interval '1 month 2 days 3:04:05.678', n / 3.0::float8, 'u' || n
         FROM generate_series(1, 400) AS n;
         CREATE FUNCTION slow(value text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
             'BEGIN PERFORM pg_sleep(0.0002); RETURN value; END';
         CREATE INDEX users_slow ON users (slow(username));
         CREATE UNIQUE INDEX users_username_key ON users (username)",
    );
    USERS.write(&project);
    let before = project.dump("users");
    let role = format!("moody_{}", std::process::id());
    project.sql(&format!("CREATE ROLE {role} LOGIN SUPERUSER"));
    for setting in [
        "statement_timeout = '100ms'",
        "lock_timeout = '1ms'",
        "idle_in_transaction_session_timeout = '200ms'",
        "default_transaction_read_only = on",
        "default_transaction_isolation = 'serializable'",
        "datestyle = 'German, DMY'",
        "intervalstyle = 'sql_standard'",
        "timezone = 'America/New_York'",
        "extra_float_digits = '-10'",
        "bytea_output = 'escape'",
        "quote_all_identifiers = on",
        "row_security = off",
    ] {
        project.sql(&format!("ALTER ROLE {role} SET {setting}"));
    }
    live(&project, &project.url.replace("postgres@", &format!("{role}@")));
    assert_eq!(project.dump("users"), before);
    project.sql(&format!("DROP ROLE {role}"));
}

/// A transaction that has nothing to do with the table makes a concurrent build of an index wait. It
/// failed at once where the role had a `lock_timeout`, with a hint about a lock that nobody held.
#[test]
fn life_session_waits_for_an_older_transaction_and_says_so() {
    let project = Project::new(Db::Postgres);
    project.sql(
        "CREATE TABLE users (id integer PRIMARY KEY, username text UNIQUE);
         INSERT INTO users VALUES (1, 'ada');
         CREATE TABLE elsewhere (id integer)",
    );
    USERS.write(&project);
    project.version("9.0.0");
    let url = format!("{}&options=-c%20lock_timeout%3D10ms", project.url);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = project.connect().await;
        let other = db.begin().await.unwrap();
        let set = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM elsewhere";
        other.execute_unprepared(set).await.unwrap();
        let mut command = project.command(&["db", "migrate", "--offline", "--database-url", &url]);
        command.stderr(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        // Its end without a word of the other transaction would be the end of the lines.
        let found = said.find(|line| line.contains("idle in transaction"));
        assert!(found.is_some_and(|line| line.contains("waiting for pid ")));
        other.rollback().await.unwrap();
        let rest: Vec<String> = said.collect();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{rest:?}");
    });
    assert_eq!(state(&project), "read_to");
}

/// The steps' own settings are not those of the migrations in SQL, which mean what they mean to the
/// server.
#[test]
fn life_session_of_plain_sql_is_the_servers() {
    let project = Project::new(Db::Mariadb);
    project.sql("CREATE TABLE users (id integer PRIMARY KEY, username varchar(20)); INSERT INTO users VALUES (1, 'ada')");
    USERS.write(&project);
    let seen = |name: &str| {
        format!(
            "CREATE TABLE {name} AS SELECT @@sql_mode AS mode, @@time_zone AS zone, \
             @@lock_wait_timeout AS locks, @@max_statement_time AS longest"
        )
    };
    project.write("release_migrations/8.18.0/20261121092900_before.sql", &seen("before_it"));
    project.write("release_migrations/9.0.0/20261121093009_seen.post.sql", &seen("after_it"));
    project.version("9.0.0");
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    let now = project.query(
        "SELECT concat_ws(', ', a.mode = b.mode, a.zone = b.zone, a.locks = b.locks,
                          a.longest = b.longest) FROM before_it b, after_it a",
    );
    assert_eq!(now, ["1, 1, 1, 1"]);
}
