//! The rows of the tables of other migration tools belong to the dump.

use sea_orm_migration::MigratorTrait as _;

use super::*;
use crate::support::project::{Db, each_bare_database};

/// The tables of sqlx, refinery and diesel, each with what that tool writes.
const OTHERS: &str = "
    CREATE TABLE refinery_schema_history
        (version integer PRIMARY KEY, name varchar(255), applied_on varchar(255), checksum varchar(255));
    INSERT INTO refinery_schema_history VALUES (1, 'it''s', '2026-01-01T00:00:00Z', '18446744073709551615');
    CREATE TABLE __diesel_schema_migrations
        (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP);
    INSERT INTO __diesel_schema_migrations (version) VALUES ('20260101000001');";

fn sqlx(db: Db) -> (&'static str, &'static str) {
    match db {
        Db::Postgres => ("bytea", "'\\x00ff41'"),
        Db::Sqlite | Db::Mariadb => ("blob", "x'00ff41'"),
    }
}

#[test]
fn what_other_tools_have_run_is_in_a_database_that_is_made_from_the_dump() {
    each_bare_database(|project| {
        project.block_on(async |db| Before::up(db, None).await.unwrap());
        project.sql(OTHERS);
        let (bytes, checksum) = sqlx(project.db);
        project.sql(&format!(
            "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL,
                 installed_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, success boolean NOT NULL,
                 checksum {bytes} NOT NULL, execution_time bigint NOT NULL);
             INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (20260101, 'a; ''b''', true, {checksum}, -1)"
        ));
        let _ = project.handover(&["db", "init", "--baseline", "1.0.0"]).expect_status(0);
        let _ = project.handover(&["db", "dump"]).expect_status(0);
        let again = project.handover(&["db", "dump"]).expect_status(0);
        assert!(again.stdout.starts_with("nothing has changed in"), "{again}");
        let other = Project::bare(project.db);
        for file in ["schema.sqlite.sql", "schema.postgres.sql", "schema.mariadb.sql"] {
            if let Ok(text) = std::fs::read_to_string(project.root().join(file)) {
                other.write(file, &text);
            }
        }
        let _ = other.handover(&["db", "load"]).expect_status(0);
        other.block_on(async |db| {
            assert_eq!(Before::get_pending_migrations(db).await.unwrap().len(), 0);
            Before::up(db, None).await.unwrap();
        });
        for table in ["refinery_schema_history", "__diesel_schema_migrations", "_sqlx_migrations"] {
            let versions = format!("SELECT CAST(version AS char(20)) FROM {table}");
            assert_eq!(other.query(&versions), project.query(&versions), "{table}");
        }
        let row = "SELECT description FROM _sqlx_migrations WHERE success AND execution_time = -1 \
                   AND checksum = ";
        assert_eq!(other.query(&format!("{row}{checksum}")), ["a; 'b'"]);
        let fresh = "SELECT name FROM refinery_schema_history WHERE applied_on > '2026-11-01T' AND \
                     checksum = '18446744073709551615'";
        assert_eq!(other.query(fresh), ["it's"]);
    });
}
