//! A rollback that is refused has changed nothing: neither the table nor the history. So the way forward
//! stays open, and so does the way back.

use crate::support::project::{Db, Project, each_database};

const TABLE: &str = "CREATE TABLE users (id integer PRIMARY KEY, age integer NOT NULL, \
                     email varchar(40)); INSERT INTO users VALUES (1, 7, 'a@x'), (2, 8, 'b@x')";

/// A change, how far it has come, what keeps it from being undone, and the words of the refusal.
struct Case {
    generate: &'static [&'static str],
    /// The commands that bring it there, each with the release.
    before: &'static [(&'static str, &'static [&'static str])],
    obstacle: Obstacle,
    words: &'static str,
    /// The statement after which the way back is open again.
    remedy: &'static str,
}

#[derive(Clone, Copy)]
enum Obstacle {
    /// One that is the same on every database.
    Sql(&'static str),
    /// A constraint, which SQLite adds to no table.
    Constraint(&'static str),
    /// An object that names this column in a text.
    Names(&'static str),
    /// A generated column that depends on this one. SQLite does not mind it.
    Generated(&'static str),
}

const PRE: &[&str] = &["db", "migrate", "--pre", "--offline"];
const MIGRATE: &[&str] = &["db", "migrate", "--offline"];
const RENAME: &[&str] = &["gen", "rename", "users.age", "years", "--release", "9.0.0"];
const IN_PLACE: &[&str] =
    &["gen", "rename", "users.age", "years", "--in-place", "--release", "9.0.0"];
const RETYPE: &[&str] =
    &["gen", "retype", "users.age", "varchar(40)", "--copy", "age_second", "--release", "9.0.0"];
const DROP: &[&str] = &["gen", "drop", "users.age", "--release", "9.0.0"];

const CASES: &[Case] = &[
    Case {
        generate: RENAME,
        before: &[("9.0.0", PRE)],
        obstacle: Obstacle::Sql("CREATE INDEX by_years ON users (years)"),
        words: "`users.age` lacks what `years` has: the index `by_years`",
        remedy: "DROP INDEX by_years ON users",
    },
    Case {
        generate: RENAME,
        before: &[("9.0.0", MIGRATE)],
        obstacle: Obstacle::Generated("years"),
        words: "the generated column `twice` depends on it",
        remedy: "ALTER TABLE users DROP COLUMN twice",
    },
    Case {
        generate: RENAME,
        before: &[("9.0.0", MIGRATE), ("9.0.1", MIGRATE)],
        obstacle: Obstacle::Generated("years"),
        words: "the generated column `twice` depends on it",
        remedy: "ALTER TABLE users DROP COLUMN twice",
    },
    Case {
        generate: IN_PLACE,
        before: &[("9.0.0", MIGRATE), ("9.0.1", MIGRATE)],
        obstacle: Obstacle::Names("years"),
        words: "cannot be renamed this way",
        remedy: "DROP VIEW v",
    },
    Case {
        generate: RETYPE,
        before: &[("9.0.0", PRE)],
        obstacle: Obstacle::Sql("CREATE INDEX by_second ON users (age_second)"),
        words: "`users.age` lacks what `age_second` has: the index `by_second`",
        remedy: "DROP INDEX by_second ON users",
    },
    Case {
        generate: RETYPE,
        before: &[("9.0.0", MIGRATE)],
        obstacle: Obstacle::Sql("CREATE INDEX by_second ON users (age_second)"),
        words: "`users.age` lacks what `age_second` has: the index `by_second`",
        remedy: "DROP INDEX by_second ON users",
    },
    Case {
        generate: RETYPE,
        before: &[("9.0.0", MIGRATE), ("9.0.1", MIGRATE)],
        obstacle: Obstacle::Sql("UPDATE users SET age = 'old' WHERE id = 1"),
        words: "have a value of `age` that does not become",
        remedy: "UPDATE users SET age = '7' WHERE id = 1",
    },
    Case {
        generate: RETYPE,
        before: &[("9.0.0", MIGRATE), ("9.0.1", MIGRATE)],
        obstacle: Obstacle::Constraint("ALTER TABLE users ADD CONSTRAINT own CHECK (age <> '')"),
        words: "the check `own`",
        remedy: "ALTER TABLE users DROP CONSTRAINT own",
    },
    Case {
        generate: DROP,
        before: &[("9.0.0", MIGRATE)],
        obstacle: Obstacle::Sql("INSERT INTO users (id, email) VALUES (3, 'c@x')"),
        words: "1 rows have no value in it",
        remedy: "DELETE FROM users WHERE id = 3",
    },
    Case {
        generate: DROP,
        before: &[("9.0.0", MIGRATE), ("9.0.1", MIGRATE)],
        obstacle: Obstacle::Sql("ALTER TABLE users ADD COLUMN age integer"),
        words: "already has a column `age`",
        remedy: "ALTER TABLE users DROP COLUMN age",
    },
    Case {
        generate: DROP,
        before: &[("9.0.0", MIGRATE), ("9.0.1", MIGRATE)],
        obstacle: Obstacle::Names("age_dropped"),
        words: "cannot be renamed this way",
        remedy: "DROP VIEW v",
    },
];

fn history(project: &Project) -> Vec<String> {
    project.query(
        "SELECT stage || ' ' || status || ' ' || coalesce(finished_at, 0) || ' ' || run_order \
         FROM handover_migrations ORDER BY run_order",
    )
}

fn left(project: &Project) -> (Vec<String>, Vec<String>, String) {
    let changes = project.query("SELECT state || ' ' || epoch FROM handover_changes");
    (history(project), changes, project.dump("users"))
}

/// The statement of an obstacle, and what takes it away.
fn spoken(db: Db, case: &Case) -> (String, String) {
    let remedy = match db {
        Db::Mariadb => case.remedy.to_owned(),
        Db::Sqlite | Db::Postgres => case.remedy.replace(" ON users", ""),
    };
    match case.obstacle {
        Obstacle::Sql(sql) | Obstacle::Constraint(sql) => (sql.to_owned(), remedy),
        Obstacle::Generated(column) => (
            format!(
                "ALTER TABLE users ADD COLUMN twice integer GENERATED ALWAYS AS ({column} * 2) STORED"
            ),
            remedy,
        ),
        // PostgreSQL keeps a view right.
        Obstacle::Names(column) if db == Db::Postgres => (
            format!(
                "CREATE FUNCTION v() RETURNS text LANGUAGE sql AS 'SELECT {column} FROM users'"
            ),
            "DROP FUNCTION v()".to_owned(),
        ),
        Obstacle::Names(column) => {
            (format!("CREATE VIEW v AS SELECT id, {column} FROM users"), remedy)
        }
    }
}

#[test]
fn a_rollback_that_is_refused_leaves_everything_as_it_was() {
    for (number, case) in CASES.iter().enumerate() {
        for db in Db::ALL {
            if db == Db::Sqlite
                && matches!(case.obstacle, Obstacle::Generated(_) | Obstacle::Constraint(_))
            {
                continue;
            }
            eprintln!("case {number} on {db:?}");
            let (obstacle, remedy) = spoken(db, case);
            let project = Project::new(db);
            project.sql(TABLE);
            let _ = project.handover(case.generate).expect_status(0);
            for (release, command) in case.before {
                project.version(release);
                let _ = project.handover(command).expect_status(0);
            }
            project.sql(&obstacle);
            let before = left(&project);
            for _ in 0..2 {
                let refused = project.handover(&["db", "rollback"]).expect_status(3);
                assert!(refused.to_string().contains(case.words), "{refused}");
                assert!(refused.to_string().contains("hint: "), "{refused}");
                assert_eq!(left(&project), before, "{refused}");
            }
            // Forward: nothing is in the way of a migration, apart from what refuses it as well.
            let plan = project.handover(&["db", "plan"]);
            assert!(!plan.to_string().contains("finish it with"), "{plan}");
            project.sql(&remedy);
            let _ = project.handover(&["db", "rollback"]).expect_status(0);
            let _ = project.handover(case.before[case.before.len() - 1].1).expect_status(0);
        }
    }
}

/// The first migration of several is undone, the second one is refused: what is left to undo is said, and
/// the way forward is open.
#[test]
fn a_rollback_of_several_that_is_refused_on_its_way() {
    each_database(|project| {
        project.sql(TABLE);
        let _ = project.handover(DROP).expect_status(0);
        for release in ["9.0.0", "9.0.1"] {
            project.version(release);
            let _ = project.handover(MIGRATE).expect_status(0);
        }
        project.sql("INSERT INTO users (id, email) VALUES (3, 'c@x')");
        let refused = project.handover(&["db", "rollback", "--step", "2"]).expect_status(3);
        assert!(refused.to_string().contains("1 rows have no value"), "{refused}");
        assert!(refused.to_string().contains("run `handover db rollback` again"), "{refused}");
        let _ = project.handover(MIGRATE).expect_status(0);
        assert_eq!(project.query("SELECT state FROM handover_changes"), ["contracted"]);
    });
}
