//! A default that differs each time it is computed: in every state each row has one value of its
//! own, in both columns where there are two.

use handover::{Releases, Shim};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait as _, DbErr, EntityTrait as _};

use crate::support::app::{after, before};
use crate::support::project::{Db, Project, each_database};
use crate::support::rename::{USERS, state};

fn table(db: Db) -> &'static str {
    match db {
        Db::Sqlite => {
            "CREATE TABLE users (id integer PRIMARY KEY, email text,
                 username text NOT NULL UNIQUE DEFAULT ('u' || lower(hex(randomblob(8)))))"
        }
        Db::Postgres => {
            "CREATE TABLE users (id serial PRIMARY KEY, email text,
                 username text NOT NULL UNIQUE DEFAULT 'u' || gen_random_uuid())"
        }
        Db::Mariadb => {
            "CREATE TABLE users (id integer AUTO_INCREMENT PRIMARY KEY, email text,
                 username varchar(60) NOT NULL UNIQUE DEFAULT concat('u', uuid()))"
        }
    }
}

/// Every way of leaving the column to its default; 10 rows where `DEFAULT` is understood.
async fn insert(project: &Project, version: &str, column: &str) -> Result<(), DbErr> {
    let shim = Shim::builder(project.connect().await, Releases::default());
    let shim = shim.app_version(version).start().await.unwrap();
    let mut statements = vec![
        "INSERT INTO users (email) VALUES ('a')".to_owned(),
        "INSERT INTO users (email) VALUES ('b'), ('c')".to_owned(),
        match project.db {
            Db::Mariadb => "INSERT INTO users () VALUES (), ()".to_owned(),
            _ => "INSERT INTO users DEFAULT VALUES".to_owned(),
        },
        "INSERT INTO users (email) SELECT email FROM users ORDER BY id LIMIT 3".to_owned(),
        // A derived table may not have two columns of one name on MariaDB.
        "INSERT INTO users (id, email) SELECT max(id) + 1000 AS x, max(email) AS x FROM users"
            .to_owned(),
    ];
    if project.db != Db::Sqlite {
        statements.push(format!("INSERT INTO users (email, {column}) VALUES ('d', DEFAULT)"));
        statements.push(format!("UPDATE users SET {column} = DEFAULT WHERE email = 'b'"));
        let upsert = match project.db {
            Db::Mariadb => "ON DUPLICATE KEY UPDATE",
            _ => "ON CONFLICT (id) DO UPDATE SET",
        };
        statements.push(format!("INSERT INTO users (id) VALUES (1) {upsert} {column} = DEFAULT"));
    }
    for sql in statements {
        shim.execute_unprepared(&sql).await?;
    }
    let email = || Set(Some("e".to_owned()));
    if column == "username" {
        let row = || before::users::ActiveModel { id: NotSet, username: NotSet, email: email() };
        let stored = row().insert(&shim).await?;
        assert!(stored.username.starts_with('u'), "{stored:?}");
        before::users::Entity::insert_many([row(), row()]).exec(&shim).await?;
    } else {
        let row = || after::users::ActiveModel { id: NotSet, handle: NotSet, email: email() };
        let stored = row().insert(&shim).await?;
        assert!(stored.handle.starts_with('u'), "{stored:?}");
        after::users::Entity::insert_many([row(), row()]).exec(&shim).await?;
    }
    shim.shutdown().await.unwrap();
    Ok(())
}

/// Inserts by both releases' code; each row that is new has a name of its own, and all have one.
#[track_caller]
fn write(project: &Project, expected: &str) {
    assert_eq!(state(project), expected);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (version, column) in [("8.17.0", "username"), ("9.0.0", "handle")] {
        runtime.block_on(insert(project, version, column)).unwrap();
    }
    let name = if expected == "contracted" { "handle" } else { "username" };
    let rows = project.query("SELECT CAST(count(*) AS text) FROM users");
    let names = format!("SELECT CAST(count(DISTINCT {name}) AS text) FROM users");
    assert_eq!(project.query(&names), rows, "{expected}");
    if matches!(expected, "dual_write" | "read_to") {
        USERS.expect_equal(project);
    }
}

#[test]
fn life_defaults_that_differ_each_time() {
    each_database(|project| {
        project.sql(table(project.db));
        USERS.write(project);
        project.version("9.0.0");
        let migrate = |phase: &str| {
            let _ = project.handover(&["db", "migrate", "--offline", phase]).expect_status(0);
        };
        migrate("--pre");
        write(project, "dual_write");
        migrate("--post");
        write(project, "read_to");
        project.version("9.0.1");
        migrate("--post");
        write(project, "contracted");
        // The database gives the default itself again.
        project.sql("INSERT INTO users (email) VALUES ('z')");
        for (step, there) in [("contract", "read_to"), ("backfill", "dual_write")] {
            let back = ["db", "rollback", "--step", "1"];
            let _ = project.handover(&back).expect_status(0);
            assert_eq!(state(project), there, "{step}");
            write(project, there);
        }
        migrate("--post");
        write(project, "contracted");
    });
}

/// The rollback was killed when it had given `username` its default back and taken that of `handle`;
/// run again, it found none on `handle` and took the default of `username` away, too.
#[cfg(feature = "failpoints")]
#[test]
fn life_defaults_outlive_a_rollback_that_was_killed() {
    for (db, point) in [
        (Db::Postgres, "copy::done"),
        (Db::Mariadb, "copy::done"),
        // Between the two: both columns have it.
        (Db::Mariadb, "set_default::username"),
    ] {
        let project = Project::new(db);
        project.sql(table(db));
        project.sql("INSERT INTO users (email) VALUES ('a')");
        USERS.write(&project);
        for version in ["9.0.0", "9.0.1"] {
            project.version(version);
            let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        }
        assert_eq!(state(&project), "contracted");
        let mut killed = project.command(&["db", "rollback"]);
        killed.env("FAILPOINTS", format!("migrator::{point}=return"));
        assert_eq!(project.run(killed).status, None, "{point}: it was not killed");
        crate::support::wait::until_gone(&project);
        let _ = project.handover(&["db", "rollback"]).expect_status(0);
        assert_eq!(state(&project), "read_to");
        // The shim sends one value for both; a default of each column's own would be two.
        write(&project, "read_to");
        let of_handle = "SELECT CAST(count(*) AS char) FROM information_schema.columns \
                         WHERE table_name = 'users' AND column_name = 'handle' \
                         AND column_default LIKE '%uuid%' \
                         AND table_schema = database()";
        if db == Db::Mariadb {
            assert_eq!(project.query(of_handle), ["0"], "{point}: two columns have the default");
        }
        for step in ["backfill", "expand"] {
            let output = project.handover(&["db", "rollback"]);
            assert_eq!(output.status, Some(0), "{step}: {output}");
        }
        project.sql("INSERT INTO users (id, email) VALUES (9000, 'b')");
        let given = "SELECT username FROM users WHERE id = 9000 AND username LIKE 'u%'";
        assert_eq!(project.query(given).len(), 1, "{point}");
    }
}
