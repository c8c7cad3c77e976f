//! What the database can do at once is done at once, and said.

use std::process::Command;

use handover::{Releases, Shim};
use sea_orm::{ConnectionTrait, Statement, TransactionTrait as _};

use super::{generate, migrate};
use crate::support::project::{Db, Project};
use crate::support::rename::state;

#[test]
fn retype_at_once() {
    for (db, column, to, shown) in [
        (Db::Postgres, "varchar(10) DEFAULT 'x'", "varchar(200)", "character varying(200)"),
        (Db::Postgres, "numeric(10, 2)", "numeric(12, 2)", "numeric(12,2)"),
        (Db::Mariadb, "varchar(10) DEFAULT 'x'", "varchar(60)", "varchar(60)"),
        (Db::Sqlite, "varchar(10) DEFAULT 'x'", "varchar(200)", "varchar(200)"),
        (Db::Sqlite, "int NOT NULL DEFAULT 7", "bigint", "bigint"),
    ] {
        eprintln!("on {db:?}: {column} to {to}");
        let project = Project::new(db);
        project.sql(&format!(
            "CREATE TABLE people (id integer PRIMARY KEY, age {column}, email varchar(20))"
        ));
        project.sql("CREATE INDEX people_age ON people (age)");
        project.sql("INSERT INTO people VALUES (1, 12, 'e')");
        let sql_type = || match db {
            Db::Postgres => project.query(
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute \
                 WHERE attrelid = 'people'::regclass AND attname = 'age'",
            ),
            Db::Mariadb => project.query(
                "SELECT column_type FROM information_schema.columns \
                 WHERE table_schema = database() AND column_name = 'age'",
            ),
            Db::Sqlite => {
                project.query("SELECT type FROM pragma_table_info('people') WHERE name = 'age'")
            }
        };
        let files = || match db {
            Db::Postgres => project.query(
                "SELECT string_agg(pg_relation_filenode(oid)::text, ',') FROM pg_class \
                 WHERE relname LIKE 'people%'",
            ),
            Db::Mariadb | Db::Sqlite => Vec::new(),
        };
        let before = (files(), sql_type());
        generate(&project, to, None);
        project.version("9.0.0");
        let plan = project.handover(&["db", "plan"]).expect_status(0);
        if db != Db::Mariadb {
            assert!(plan.stdout.contains("at once"), "{plan}");
        }
        migrate(&project, "9.0.0", "--pre", "contracted");
        assert_eq!((files(), sql_type()), (before.0.clone(), vec![shown.to_owned()]));
        migrate(&project, "9.0.1", "--post", "contracted");
        assert_eq!(project.query("SELECT email FROM people WHERE age = '12'"), ["e"]);
        let back = project.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
        assert_eq!(state(&project), "pending", "{back}");
        // Elsewhere the wider type stays: every value of the narrower one fits.
        if db == Db::Sqlite {
            assert_eq!(sql_type(), before.1);
        }
        migrate(&project, "9.0.0", "--pre", "contracted");
    }
}

/// A wider type is nothing to a key, an index, a collation, a right, or to what names the column in a text.
#[test]
fn retype_at_once_leaves_everything_on_the_column() {
    for (db, tables, types) in [
        (
            Db::Postgres,
            r#"CREATE TABLE people (age varchar(10) COLLATE "C" DEFAULT 'x' PRIMARY KEY, other text UNIQUE);
             ALTER TABLE people ALTER age SET STORAGE EXTERNAL, ALTER age SET STATISTICS 7;
             CREATE UNIQUE INDEX by_both ON people (other, age DESC);
             CREATE INDEX by_hash ON people USING hash (age);
             CLUSTER people USING by_both;
             COMMENT ON COLUMN people.age IS 'of old';
             GRANT SELECT (age) ON people TO public;
             CREATE FUNCTION reads() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM people WHERE age > ''a''';
             CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
             CREATE TRIGGER touched BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION touch();
             INSERT INTO people VALUES ('a', 'b'), ('b', 'c')"#,
            ("character varying(10)", "character varying(60)"),
        ),
        (
            Db::Mariadb,
            "CREATE TABLE people (age varchar(10) COLLATE latin1_german2_ci DEFAULT 'x' COMMENT 'of old', \
                 other varchar(20) DEFAULT (concat(age, 'x')), \
                 PRIMARY KEY (age), UNIQUE by_both (other, age), CONSTRAINT other_is CHECK (other <> age AND age <> ''));
             CREATE VIEW readers AS SELECT age FROM people WHERE age > 'a';
             CREATE TRIGGER touched BEFORE UPDATE ON people FOR EACH ROW SET NEW.other = NEW.age;
             INSERT INTO people VALUES ('a', 'b'), ('b', 'c')",
            ("varchar(10)", "varchar(60)"),
        ),
        (
            Db::Sqlite,
            "CREATE TABLE people (age varchar(10) COLLATE NOCASE DEFAULT 'x' CHECK (age <> '') PRIMARY KEY \
                 REFERENCES people, other text, same text AS (age || 'x'), \
                 UNIQUE (other, age), CHECK (other <> age));
             CREATE INDEX partial ON people (age) WHERE age > 'a';
             CREATE TABLE posts (age text REFERENCES people (age));
             CREATE VIEW readers AS SELECT age FROM people WHERE age > 'a';
             CREATE TRIGGER touched AFTER UPDATE OF age ON people BEGIN SELECT NEW.age; END;
             INSERT INTO people (age, other) VALUES ('a', 'b'), ('b', 'c')",
            ("varchar(10)", "varchar(60)"),
        ),
    ] {
        eprintln!("on {db:?}");
        let project = Project::new(db);
        project.sql(tables);
        let (before, rows) = (schema(&project), project.dump("people"));
        generate(&project, types.1, None);
        migrate(&project, "9.0.0", "--pre", "contracted");
        assert_eq!(schema(&project), before.replacen(types.0, types.1, 1));
        assert_eq!(project.dump("people"), rows.replacen(types.0, types.1, 1));
    }
}

/// The table as the database itself describes it.
fn schema(project: &Project) -> String {
    match project.db {
        Db::Postgres => {
            let database = project.postgres().unwrap();
            let mut dump = Command::new(database.server().program("pg_dump"));
            dump.args(["--schema-only", "--table=people", "--dbname", &database.url]);
            let dump = String::from_utf8(dump.output().unwrap().stdout).unwrap();
            // Such a line has a number that differs each time.
            dump.lines().filter(|line| !line.starts_with('\\')).collect::<Vec<_>>().join("\n")
        }
        Db::Mariadb => project.block_on(async |db| {
            let create =
                Statement::from_string(db.get_database_backend(), "SHOW CREATE TABLE people");
            db.query_one_raw(create).await.unwrap().unwrap().try_get_by_index(1).unwrap()
        }),
        Db::Sqlite => {
            let sql =
                "SELECT sql FROM sqlite_schema WHERE name NOT LIKE '%handover%' ORDER BY name";
            project.query(sql).join("\n")
        }
    }
}

#[test]
fn retype_at_once_refuses_what_would_not_stay() {
    for (db, tables, to, named) in [
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age varchar(10) CONSTRAINT old CHECK (age <> ''))",
            "text",
            "PostgreSQL would read every row for the check `old`",
        ),
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age varchar(10)); \
             CREATE FUNCTION of_people() RETURNS TABLE (age varchar) LANGUAGE plpgsql AS \
             'BEGIN RETURN QUERY SELECT p.age FROM people p; END'",
            "text",
            "of_people",
        ),
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age varchar(10)); CREATE INDEX odd ON people (id) WHERE age > 'a'",
            "text",
            "the index `odd` has an expression or a condition",
        ),
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age varchar(10)); CREATE VIEW v AS SELECT age FROM people",
            "text",
            "the view `public.v` depends on it",
        ),
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age varchar(10) PRIMARY KEY); \
             CREATE TABLE posts (age varchar(10) CONSTRAINT of_people REFERENCES people)",
            "text",
            "the foreign key `of_people` of `public.posts` depends on it",
        ),
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age varchar(10), twice text GENERATED ALWAYS AS (age || 'x') STORED)",
            "text",
            "the generated column `twice` depends on it",
        ),
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age varchar(10)); INSERT INTO people VALUES (1, 'x'), (2, 'x'); \
             CREATE INDEX odd ON people (age); \
             UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'odd'::regclass",
            "text",
            "the index `odd` is invalid",
        ),
        (
            Db::Mariadb,
            "CREATE TABLE people (id int, age varchar(10) CHECK (age REGEXP '^\\\\\\\\d'))",
            "varchar(60)",
            "its definition has a check",
        ),
        (
            Db::Mariadb,
            "CREATE TABLE people (id int, age varchar(10), twice varchar(20) AS (concat(age, age)))",
            "varchar(60)",
            "the generated column `twice` depends on it",
        ),
        (
            Db::Mariadb,
            "CREATE TABLE people (age varchar(10) PRIMARY KEY); \
             CREATE TABLE posts (age varchar(10), CONSTRAINT of_people FOREIGN KEY (age) REFERENCES people (age))",
            "varchar(60)",
            "the foreign key `of_people` of",
        ),
        (
            Db::Sqlite,
            "CREATE TABLE people (age int PRIMARY KEY)",
            "integer",
            "another name of the row id",
        ),
        (
            Db::Sqlite,
            "CREATE TABLE people (age integer PRIMARY KEY)",
            "bigint",
            "computes its values",
        ),
        (Db::Sqlite, "CREATE TABLE people (id int, age int) STRICT", "bigint", "STRICT"),
    ] {
        let project = Project::new(db);
        project.sql(tables);
        let before = project.dump("people");
        generate(&project, to, None);
        project.version("9.0.0");
        for command in ["plan", "migrate"] {
            let said = project.handover(&["db", command, "--pre", "--offline"]).expect_status(3);
            assert!(said.to_string().contains(named), "{tables}: {named}\n{said}");
        }
        assert_eq!(project.dump("people"), before);
    }
}

/// The catalog has nothing against it, but MariaDB does: what stands in the way of a second column is said
/// together with the cause.
#[test]
fn retype_that_mariadb_does_not_do_at_once_is_refused_before_anything_has_changed() {
    for (table, named) in [
        ("age varchar(700) PRIMARY KEY", "primary key"),
        ("age varchar(700) UNIQUE", "too long for the index `age`"),
        ("age varchar(700), KEY (age)", "too long for the index `age`"),
    ] {
        let project = Project::new(Db::Mariadb);
        project.sql(&format!("CREATE TABLE people ({table})"));
        let before = project.dump("people");
        generate(&project, "varchar(1000)", None);
        project.version("9.0.0");
        let said = project.handover(&["db", "migrate", "--pre", "--offline"]).expect_status(3);
        assert!(said.stderr.contains(named), "{table}: {said}");
        assert_eq!(project.dump("people"), before);
    }
}

/// MariaDB rebuilds the table for this one, so it is made by a second column.
#[test]
fn retype_is_not_at_once_where_mariadb_cannot() {
    let project = Project::new(Db::Mariadb);
    project.sql("CREATE TABLE people (id integer PRIMARY KEY, age varchar(10))");
    generate(&project, "varchar(100)", None);
    migrate(&project, "9.0.0", "--pre", "dual_write");
}

/// PostgreSQL runs no statement again that was prepared while its result had another type. Whoever has
/// prepared it would get an error, for as long as the connection lives.
#[test]
fn retype_at_once_fails_no_statement_that_was_prepared_before() {
    let project = Project::new(Db::Postgres);
    project.sql("CREATE TABLE people (age varchar(10) PRIMARY KEY, email text)");
    project.sql("INSERT INTO people VALUES ('a', 'x')");
    generate(&project, "varchar(60)", None);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let shim = Shim::builder(project.connect().await, Releases::default());
        let db = shim.app_version("9.0.0").start().await.unwrap();
        let statements = [
            "SELECT age FROM people WHERE email = $1",
            "SELECT * FROM people WHERE email = $1",
            "UPDATE people SET email = $1 RETURNING age",
        ];
        for round in ["before", "again before"] {
            send(&db, &statements, round).await;
        }
        project.version("9.0.0");
        let go_on = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
        let clients: Vec<_> = (0..3)
            .map(|_| {
                let (db, go_on) = (db.clone(), go_on.clone());
                tokio::spawn(async move {
                    while go_on.load(std::sync::atomic::Ordering::Relaxed) {
                        send(&db, &statements, "meanwhile").await;
                    }
                })
            })
            .collect();
        let migrate = tokio::process::Command::from(project.command(&["db", "migrate", "--pre"]));
        let said = { migrate }.output().await.unwrap();
        assert!(said.status.success(), "{said:?}");
        send(&db, &statements, "just after").await;
        go_on.store(false, std::sync::atomic::Ordering::Relaxed);
        for client in clients {
            client.await.unwrap();
        }
        for round in ["after", "again after"] {
            send(&db, &statements, round).await;
        }
        let transaction = db.begin().await.unwrap();
        send(&transaction, &statements, "in a transaction").await;
        transaction.commit().await.unwrap();
        db.shutdown().await.unwrap();
    });
}

async fn send(on: &impl ConnectionTrait, statements: &[&str], round: &str) {
    for sql in statements {
        let sql = Statement::from_sql_and_values(on.get_database_backend(), *sql, ["x".into()]);
        let found = on.query_one_raw(sql).await;
        let found = found.unwrap_or_else(|error| panic!("{round}: {error:?}")).unwrap();
        assert_eq!(found.try_get::<String>("", "age").unwrap(), "a");
    }
}
