//! A stage that is expected to take longer than an upgrade may is warned of.

use crate::support::project::{Db, Project, each_database};

/// More users than are copied in the least budget, and statistics that know of them.
pub fn many_users(project: &Project) {
    project.sql(
        "CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL UNIQUE);
        CREATE TABLE digits (d integer);
        INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
        INSERT INTO users SELECT n, n FROM (
            SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d AS n
            FROM digits a, digits b, digits c, digits d, digits e WHERE e.d < 3
        ) AS numbers",
    );
    project.sql(match project.db {
        Db::Mariadb => "ANALYZE TABLE users",
        Db::Sqlite | Db::Postgres => "ANALYZE users",
    });
}

#[test]
fn a_long_stage_is_warned_of_before_it_runs() {
    each_database(|project| {
        many_users(project);
        project.add_worked_example();
        project.version("9.0.0");
        let warning = "warning: backfill of rename_users_username_to_handle is expected to take \
                       about 3 s, longer than the `upgrade_budget` of ";
        let plan = project.handover(&["db", "plan"]).expect_status(0);
        assert!(!plan.stderr.contains("warning"), "{plan}");
        project.write("handover.yml", "upgrade_budget: 1s\n");
        let plan = project.handover(&["db", "plan"]).expect_status(0);
        assert!(plan.stderr.contains(warning), "{plan}");
        let plan = project.handover(&["db", "plan", "--json"]).expect_status(0);
        let json: serde_json::Value = serde_json::from_str(&plan.stdout).unwrap();
        let overruns = json["overruns"].as_array().unwrap();
        assert_eq!(overruns.len(), 1, "{plan}");
        assert_eq!(overruns[0]["stage"], "backfill");
        assert_eq!(overruns[0]["budget_seconds"], 1);
        let migrated = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        let lines: Vec<&str> = migrated.stderr.lines().collect();
        let at = lines.iter().position(|line| line.starts_with(warning)).unwrap();
        assert!(lines[at + 1].starts_with("backfill of"), "{migrated}");
        assert_eq!(migrated.stderr.matches("warning").count(), 1, "{migrated}");
    });
}
