//! Plain SQL files in a row: the plan for those that follow is not made anew after each, but what
//! could change it is looked at.

use crate::support::project::{Db, Project, each_database};

/// What the first file makes: a table, and a trigger that does `what` when a row is put into it.
fn doorbell(db: Db, what: &str) -> String {
    let table = "CREATE TABLE doorbell (id integer PRIMARY KEY);";
    match db {
        Db::Sqlite => {
            format!("{table} CREATE TRIGGER rung AFTER INSERT ON doorbell BEGIN {what}; END")
        }
        Db::Postgres => format!(
            "{table} CREATE FUNCTION rung() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN {what}; RETURN NULL; END $$; \
             CREATE TRIGGER rung AFTER INSERT ON doorbell EXECUTE FUNCTION rung()"
        ),
        Db::Mariadb => {
            format!("{table} CREATE TRIGGER rung AFTER INSERT ON doorbell FOR EACH ROW {what}")
        }
    }
}

/// Files that come one after another: the second one rings the doorbell, the third makes `later`.
fn files(project: &Project, what: &str, ending: &str) {
    project.version("9.0.0");
    for (id, sql) in [
        (1, &*doorbell(project.db, what)),
        (2, "INSERT INTO doorbell VALUES (1)"),
        (3, "CREATE TABLE later (id integer)"),
    ] {
        project.write(&format!("release_migrations/9.0.0/{id}_x{id}.{ending}"), sql);
    }
}

/// Whether the third file has run.
fn is_later(project: &Project) -> bool {
    project.query("SELECT CAST(id AS char) FROM handover_migrations WHERE id = 3").len() == 1
}

/// A process of the release before registers.
const REGISTERS: &str = "INSERT INTO handover_instances \
     (id, host, pid, \"release\", acknowledged, registered_at, expires_at) \
     VALUES ('old', 'elsewhere', 7, '8.0.0', 0, 0, 99999999999999)";

fn registers(db: Db) -> String {
    let quote = if db == Db::Mariadb { "`" } else { "\"" };
    REGISTERS.replace('"', quote)
}

#[test]
fn a_process_that_registers_in_between_is_waited_for() {
    each_database(|project| {
        files(project, &registers(project.db), "post.sql");
        let output = project.handover(&["db", "migrate"]).expect_status(3);
        assert!(output.to_string().contains("elsewhere:7 at 8.0.0"), "{output}");
        assert!(!is_later(project), "{output}");
        project.sql("DELETE FROM handover_instances");
        let _ = project.handover(&["db", "migrate"]).expect_status(0);
        assert!(is_later(project));
    });
}

#[test]
fn a_process_that_registers_in_between_is_not_offline() {
    each_database(|project| {
        files(project, &registers(project.db), "sql");
        let output = project.handover(&["db", "migrate", "--offline"]).expect_status(3);
        assert!(output.to_string().contains("elsewhere:7 at 8.0.0"), "{output}");
        assert!(!is_later(project), "{output}");
        // What runs before a roll-out has nobody to wait for.
        let _ = project.handover(&["db", "migrate"]).expect_status(0);
        assert!(is_later(project));
    });
}

/// MariaDB's runner has lost its session with its lock, and does not get that far.
#[test]
fn what_another_runner_has_done_is_not_done_again() {
    for db in [Db::Sqlite, Db::Postgres] {
        let project = Project::new(db);
        let noted = "INSERT INTO handover_migrations (id, slug, \"release\", checksum, app_version, \
                     status, run_order, started_at, finished_at) \
                     SELECT 3, 'x3', \"release\", checksum, app_version, 'done', 3, 0, 0 \
                     FROM handover_migrations WHERE id = 1";
        files(&project, noted, "sql");
        let output = project.handover(&["db", "migrate"]).expect_status(3);
        assert!(output.to_string().contains("another handover is migrating"), "{output}");
        assert!(!project.dump("handover_migrations").contains("running"), "{output}");
        project.sql("CREATE TABLE later (id integer)");
    }
}
