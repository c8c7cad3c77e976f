//! What the database can do at once is done at once, and said.

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

/// MariaDB rebuilds the table for this one, so it is made by a second column.
#[test]
fn retype_is_not_at_once_where_mariadb_cannot() {
    let project = Project::new(Db::Mariadb);
    project.sql("CREATE TABLE people (id integer PRIMARY KEY, age varchar(10))");
    generate(&project, "varchar(100)", None);
    migrate(&project, "9.0.0", "--pre", "dual_write");
}
