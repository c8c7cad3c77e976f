//! A column whose type changes a second time, and a rehearsal of what the code meets meanwhile.

use crate::support::project::{Db, Project, each_database};

/// The types of the two changes.
const fn types(db: Db) -> [&'static str; 2] {
    match db {
        Db::Sqlite => ["text", "integer"],
        Db::Postgres => ["bigint", "text"],
        Db::Mariadb => ["bigint", "varchar(40)"],
    }
}

fn generate(project: &Project) {
    project.sql("CREATE TABLE people (id integer PRIMARY KEY, age integer NOT NULL DEFAULT 7)");
    project.sql("CREATE INDEX people_age ON people (age)");
    for (release, to) in ["9.0.0", "9.1.0"].into_iter().zip(types(project.db)) {
        let generate = ["gen", "retype", "people.age", to, "--release", release];
        let _ = project.handover(&generate).expect_status(0);
    }
}

fn ages(project: &Project) -> Vec<String> {
    let text = if project.db == Db::Mariadb { "char" } else { "text" };
    project.query(&format!("SELECT CAST(age AS {text}) FROM people ORDER BY id"))
}

#[test]
fn retype_twice_there_and_back() {
    each_database(|project| {
        generate(project);
        project.sql("INSERT INTO people VALUES (1, 41), (2, -3)");
        project.sql("INSERT INTO people (id) VALUES (3)");
        let before = project.dump("people");
        for (release, states) in [
            ("9.0.0", "read_to"),
            ("9.0.1", "contracted"),
            ("9.1.0", "contracted, read_to"),
            ("9.1.1", "contracted, contracted"),
        ] {
            project.version(release);
            let output = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
            let found = "SELECT state FROM handover_changes ORDER BY epoch, state";
            assert_eq!(project.query(found).join(", "), states, "{output}");
            let _ = project.handover(&["db", "verify"]).expect_status(0);
            assert_eq!(ages(project), ["41", "-3", "7"]);
        }
        project.sql("INSERT INTO people (id) VALUES (4)");
        for _ in 0..6 {
            let _ = project.handover(&["db", "rollback"]).expect_status(0);
            let _ = project.handover(&["db", "verify"]).expect_status(0);
        }
        assert_eq!(ages(project), ["41", "-3", "7", "7"]);
        project.sql("DELETE FROM people WHERE id = 4");
        assert_eq!(project.dump("people"), before);
    });
}

#[test]
fn retype_is_rehearsed_in_each_of_its_states() {
    // The moments are the same on MariaDB as on PostgreSQL.
    for db in [Db::Sqlite, Db::Postgres] {
        let project = &Project::new(db);
        generate(project);
        project.write("handover.yml", "rehearse: { prepare: base.sql }\n");
        project.write(
            "base.sql",
            "CREATE TABLE people (id integer PRIMARY KEY, age integer NOT NULL DEFAULT 7)",
        );
        // Both are still to come.
        project.version("9.0.0");
        let output = project.handover(&["rehearse", "--json", "--", "true"]).expect_status(0);
        let found: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        let states = |moment: &serde_json::Value| {
            let states = moment["states"].as_object().unwrap().values();
            states.map(|state| state.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        let all: Vec<String> = found["rehearsed"].as_array().unwrap().iter().map(states).collect();
        for expected in ["pending", "dual_write", "read_to", "contracted"] {
            let ones = all.iter().filter(|states| states.split(' ').any(|own| own == expected));
            assert!(ones.count() >= 2, "{expected}: {all:?}");
        }
    }
}
