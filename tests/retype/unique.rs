//! A column that refuses duplicates refuses them with either type, and upserts find their row.

use handover::{Releases, Shim};
use sea_orm::{ConnectionTrait, SqlErr, TransactionTrait as _};

use super::{generate, migrate};
use crate::support::project::{Db, Project, each_database};
use crate::support::rename::state;

async fn shim(project: &Project, release: &str) -> Shim {
    let shim = Shim::builder(project.connect().await, Releases::default());
    shim.app_version(release).start().await.unwrap()
}

/// Code of one release inserts rows, meets its own and others' values, and upserts over them.
async fn everything(db: &Shim, mariadb: bool, (first, literal): (i32, fn(i32) -> String)) {
    let insert = |id: i32, age: i32, email: &str| {
        format!("INSERT INTO people (id, age, email) VALUES ({id}, {}, '{email}')", literal(age))
    };
    let run = async |sql: String| db.execute_unprepared(&sql).await;
    run(insert(first, first, "new")).await.unwrap();
    // The row with 5 is there from the beginning.
    for age in [first, 5] {
        let error = run(insert(first + 1, age, "twice")).await.unwrap_err();
        assert!(
            matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))),
            "{age}: {error:?}"
        );
    }
    let to = literal(5);
    let error = run(format!("UPDATE people SET age = {to} WHERE id = {first}")).await.unwrap_err();
    assert!(matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))), "{error:?}");
    let upsert = if mariadb {
        "ON DUPLICATE KEY UPDATE email = VALUES(email)"
    } else {
        "ON CONFLICT (age) DO UPDATE SET email = excluded.email"
    };
    run(format!("{} {upsert}", insert(first + 2, first, "upserted"))).await.unwrap();
    let count = format!("DELETE FROM people WHERE id = {first} AND email = 'upserted'");
    assert_eq!(run(count).await.unwrap().rows_affected(), 1);
}

fn in_state(project: &Project, both: bool) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mariadb = project.db == Db::Mariadb;
        let (old, new) = (shim(project, "8.17.0").await, shim(project, "9.0.0").await);
        everything(&old, mariadb, (100, |number| number.to_string())).await;
        if both {
            everything(&new, mariadb, (200, |number| format!("'{number}'"))).await;
        }
        for shim in [old, new] {
            shim.shutdown().await.unwrap();
        }
    });
}

#[test]
fn retype_refuses_duplicates_of_either_type_in_every_state() {
    each_database(|project| {
        project.sql(
            "CREATE TABLE people (id integer PRIMARY KEY, age integer UNIQUE, email varchar(20))",
        );
        project.sql("INSERT INTO people VALUES (1, 5, 'e'), (2, NULL, 'e'), (3, NULL, 'e')");
        let before = project.dump("people");
        generate(project, if project.db == Db::Mariadb { "varchar(30)" } else { "text" }, None);
        in_state(project, false);
        for _ in 0..2 {
            migrate(project, "9.0.0", "--pre", "dual_write");
            in_state(project, true);
            migrate(project, "9.0.0", "--post", "read_to");
            in_state(project, true);
            #[cfg(feature = "failpoints")]
            stopped_in_write_to(project);
            migrate(project, "9.0.1", "--post", "contracted");
            in_state(project, true);
            for after in ["read_to", "dual_write", "pending"] {
                let _ = project.handover(&["db", "rollback"]).expect_status(0);
                assert_eq!(state(project), after);
                in_state(project, after != "pending");
            }
            assert_eq!(project.dump("people"), before);
        }
    });
}

#[cfg(feature = "failpoints")]
async fn run(db: &impl ConnectionTrait, sql: &str) {
    db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

/// In `write_to` nobody sets the first column any more. Its values must not collide: one row gives up a
/// value, and another one takes it, also in a transaction that still writes both.
#[cfg(feature = "failpoints")]
fn stopped_in_write_to(project: &Project) {
    if project.db == Db::Sqlite {
        return;
    }
    project.version("9.0.1");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = shim(project, "9.0.1").await;
        run(&db, "INSERT INTO people (id, age, email) VALUES (301, '70', 'a'), (302, '71', 'b')")
            .await;
        let behind = db.begin().await.unwrap();
        run(&behind, "SELECT 1").await;
        let migrate = project.command(&["db", "migrate", "--wait", "60s"]);
        let mut migrate = tokio::process::Command::from(migrate);
        migrate.env("FAILPOINTS", "migrator::entered::write_to=return");
        let said = migrate.output().await.unwrap();
        assert!(!said.status.success());
        assert_eq!(state(project), "write_to", "{said:?}");
        run(&db, "UPDATE people SET age = '72' WHERE id = 301").await;
        run(&behind, "INSERT INTO people (id, age, email) VALUES (303, '70', 'c')").await;
        behind.commit().await.unwrap();
        run(&db, "UPDATE people SET age = '73' WHERE id = 302").await;
        run(&db, "INSERT INTO people (id, age, email) VALUES (304, '71', 'd')").await;
        run(&db, "DELETE FROM people WHERE id BETWEEN 301 AND 304").await;
        db.shutdown().await.unwrap();
        db.close().await.unwrap();
    });
    crate::support::wait::until_gone(project);
    in_state(project, true);
}

/// A constraint is found under its own name in every state.
#[test]
fn retype_of_a_constraint_that_upserts_name() {
    let project = Project::new(Db::Postgres);
    project.sql(
        "CREATE TABLE people (id integer PRIMARY KEY, age integer, email text, \
         CONSTRAINT one_each UNIQUE NULLS NOT DISTINCT (age, id))",
    );
    generate(&project, "text", None);
    let upsert = || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let db = shim(&project, "8.17.0").await;
            for email in ["'a'", "'b'"] {
                let sql = format!(
                    "INSERT INTO people (id, age, email) VALUES (1, 5, {email}), (2, NULL, {email}) \
                     ON CONFLICT ON CONSTRAINT one_each DO UPDATE SET email = excluded.email"
                );
                db.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{error:?}"));
            }
            db.shutdown().await.unwrap();
        });
        assert_eq!(project.query("SELECT string_agg(email, '') FROM people"), ["bb"]);
    };
    upsert();
    migrate(&project, "9.0.0", "--pre", "dual_write");
    upsert();
    migrate(&project, "9.0.0", "--post", "read_to");
    upsert();
    #[cfg(feature = "failpoints")]
    {
        project.version("9.0.1");
        let mut command = project.command(&["db", "migrate", "--offline"]);
        command.env("FAILPOINTS", "migrator::entered::write_to=return");
        assert!(!command.output().unwrap().status.success());
        crate::support::wait::until_gone(&project);
        upsert();
        // Back from there.
        let _ = project.handover(&["db", "rollback"]).expect_status(0);
        assert_eq!(state(&project), "read_to");
        upsert();
    }
    migrate(&project, "9.0.1", "--post", "contracted");
    upsert();
    for after in ["read_to", "dual_write", "pending"] {
        let _ = project.handover(&["db", "rollback"]).expect_status(0);
        assert_eq!(state(&project), after);
        upsert();
    }
}

/// While the values change, a row gets the value that another row still has.
#[test]
fn retype_changes_places_of_unique_values() {
    for (db, columns) in [
        (Db::Sqlite, "id integer PRIMARY KEY, age integer NOT NULL UNIQUE"),
        (Db::Sqlite, "id integer PRIMARY KEY, age integer, UNIQUE (age, id)"),
        (Db::Sqlite, "id text PRIMARY KEY, age integer UNIQUE) WITHOUT ROWID; SELECT (1"),
        (Db::Postgres, "id integer PRIMARY KEY, age integer NOT NULL UNIQUE"),
        (Db::Mariadb, "id integer PRIMARY KEY, age integer NOT NULL UNIQUE"),
    ] {
        let project = Project::new(db);
        project.sql(&format!("CREATE TABLE people ({columns})"));
        let rows: Vec<String> = (1..=50).map(|age| format!("({age}, {age})")).collect();
        project.sql(&format!("INSERT INTO people VALUES {}", rows.join(", ")));
        let before = project.dump("people");
        generate(&project, "bigint", Some(("age + 1", "age - 1")));
        migrate(&project, "9.0.0", "--pre", "dual_write");
        migrate(&project, "9.0.0", "--post", "read_to");
        migrate(&project, "9.0.1", "--post", "contracted");
        assert_eq!(project.query("SELECT 'shifted' FROM (SELECT sum(age) AS all_of FROM people) AS s WHERE all_of = 1325"), ["shifted"]);
        let _ = project.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
        assert_eq!(project.dump("people"), before);
    }
}

/// The texts `1` and `1.0` are different, the numbers are not.
#[test]
fn retype_refuses_values_that_would_be_duplicates() {
    let project = Project::new(Db::Postgres);
    project.sql(
        "CREATE TABLE people (id integer PRIMARY KEY, age text, email text, \
         CONSTRAINT by_age UNIQUE NULLS NOT DISTINCT (age, email) INCLUDE (id))",
    );
    project.sql(
        "INSERT INTO people VALUES (1, '1', NULL), (2, '1.0', NULL), (3, '1.00', 'other'), \
         (4, NULL, 'e'), (5, NULL, NULL), (6, '2', 'x')",
    );
    let before = project.dump("people");
    generate(&project, "numeric", None);
    project.version("9.0.0");
    let said = project.handover(&["db", "migrate", "--pre"]).expect_status(3);
    assert!(
        said.stderr.contains(
            "the index `by_age` refuses duplicates, and as numeric the values of 2 rows are duplicates: "
        ),
        "{said}"
    );
    assert_eq!(project.dump("people"), before);
    project.sql("UPDATE people SET email = 'y' WHERE id = 2");
    let before = project.dump("people");
    migrate(&project, "9.0.0", "--pre", "dual_write");

    // Code of the release before writes one meanwhile: the first column takes it.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let old = shim(&project, "8.17.0").await;
        let sql = "INSERT INTO people (id, age, email) VALUES (7, '2.0', 'x')";
        old.execute_unprepared(sql).await.unwrap();
        old.shutdown().await.unwrap();
    });
    let said = project.handover(&["db", "migrate", "--post", "--offline"]).expect_status(3);
    assert!(said.stderr.contains("the values of 2 rows are duplicates: id = 6; id = 7"), "{said}");
    project.sql("DELETE FROM people WHERE id = 7");
    migrate(&project, "9.0.0", "--post", "read_to");
    migrate(&project, "9.0.1", "--post", "contracted");
    let _ = project.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
    assert_eq!(project.dump("people"), before);
}

/// After the contract the texts `1` and `1.0` may both be there. As numbers, they could not go back.
#[test]
fn retype_does_not_go_back_to_duplicates() {
    let project = Project::new(Db::Postgres);
    project.sql("CREATE TABLE people (id integer PRIMARY KEY, age numeric UNIQUE)");
    project.sql("INSERT INTO people VALUES (1, 1)");
    generate(&project, "text", None);
    migrate(&project, "9.0.0", "--pre", "dual_write");
    migrate(&project, "9.0.0", "--post", "read_to");
    migrate(&project, "9.0.1", "--post", "contracted");
    project.sql("INSERT INTO people VALUES (2, '1.0')");
    let before = project.dump("people");
    let said = project.handover(&["db", "rollback"]).expect_status(3);
    assert!(said.stderr.contains("the values of 2 rows are duplicates: id = 1; id = 2"), "{said}");
    assert_eq!((project.dump("people"), state(&project)), (before, "contracted".to_owned()));
}
