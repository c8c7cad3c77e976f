//! A column gets another type: there and back, in every state, on every database.

mod again;
mod at_once;
mod code;
#[cfg(feature = "failpoints")]
mod kill;
mod life;
mod refused;
mod unique;

use crate::support::project::{Db, Project};
use crate::support::rename::state;

/// A column of a table, and the type that it gets.
struct Case {
    db: Db,
    /// The definition of the column `age`.
    column: &'static str,
    to: &'static str,
    /// `--using` and `--back`.
    expressions: Option<(&'static str, &'static str)>,
    /// Values as SQL, and as text once they have the new type.
    values: &'static [(&'static str, &'static str)],
}

/// What the column is on each database, and what becomes of its values.
const CASES: [Case; 12] = [
    Case {
        db: Db::Postgres,
        column: "integer NOT NULL DEFAULT 7 UNIQUE",
        to: "bigint",
        expressions: None,
        values: &[("1", "1"), ("-2147483648", "-2147483648"), ("2147483647", "2147483647")],
    },
    Case {
        db: Db::Postgres,
        column: "varchar(10) DEFAULT 'x'",
        to: "mood",
        expressions: None,
        values: &[("'x'", "x"), ("NULL", "none"), ("'y'", "y")],
    },
    Case {
        db: Db::Postgres,
        column: "timestamp NOT NULL DEFAULT '2026-01-01'",
        to: "timestamptz",
        expressions: None,
        values: &[("'2026-03-29 02:30:00.123456'", "2026-03-29 02:30:00.123456+00")],
    },
    Case {
        db: Db::Postgres,
        column: "json",
        to: "jsonb",
        expressions: None,
        values: &[(r#"'{"a": [2], "b": 1}'"#, r#"{"a": [2], "b": 1}"#), ("NULL", "none")],
    },
    Case {
        db: Db::Postgres,
        column: "integer",
        to: "uuid",
        expressions: Some((
            "lpad(to_hex(age), 32, '0')::uuid",
            "('x' || right(age::text, 8))::bit(32)::integer",
        )),
        values: &[("255", "00000000-0000-0000-0000-0000000000ff"), ("NULL", "none")],
    },
    Case {
        db: Db::Postgres,
        column: "text",
        to: "varchar(20)",
        expressions: None,
        values: &[("'abc  '", "abc  "), ("''", "")],
    },
    Case {
        db: Db::Mariadb,
        column: "int NOT NULL DEFAULT 7 UNIQUE",
        to: "bigint",
        expressions: None,
        values: &[("1", "1"), ("-2147483648", "-2147483648")],
    },
    Case {
        db: Db::Mariadb,
        column: "varchar(10) DEFAULT 'x'",
        to: "enum('x','y')",
        expressions: None,
        values: &[("'x'", "x"), ("NULL", "none"), ("'y'", "y")],
    },
    Case {
        db: Db::Mariadb,
        column: "int",
        to: "varchar(40)",
        expressions: Some(("concat('n', age)", "CAST(substr(age, 2) AS SIGNED)")),
        values: &[("1", "n1"), ("NULL", "none")],
    },
    Case {
        db: Db::Sqlite,
        column: "integer NOT NULL DEFAULT 7 UNIQUE",
        to: "text",
        expressions: None,
        values: &[("1", "1"), ("-9223372036854775808", "-9223372036854775808")],
    },
    Case {
        db: Db::Sqlite,
        column: "text DEFAULT 'n7'",
        to: "integer",
        expressions: Some(("CAST(substr(age, 2) AS INTEGER)", "'n' || age")),
        values: &[("'n1'", "1"), ("NULL", "none")],
    },
    Case {
        db: Db::Sqlite,
        column: "int",
        to: "real",
        expressions: None,
        values: &[("1", "1.0"), ("NULL", "none")],
    },
];

impl Case {
    /// A project with the table, its rows, an index, and the three files of the change.
    fn project(&self) -> Project {
        let project = Project::new(self.db);
        if self.db == Db::Postgres {
            project.sql("CREATE TYPE mood AS ENUM ('x', 'y')");
        }
        let Self { column, .. } = self;
        project.sql(&format!(
            "CREATE TABLE people (id integer PRIMARY KEY, age {column}, email varchar(20))"
        ));
        if !column.starts_with("json") {
            project.sql("CREATE INDEX people_age ON people (age, email)");
        }
        if self.db == Db::Postgres {
            project.sql("COMMENT ON COLUMN people.age IS 'years'");
        }
        for (id, (value, _)) in self.values.iter().enumerate() {
            project.sql(&format!("INSERT INTO people VALUES ({id}, {value}, 'e')"));
        }
        generate(&project, self.to, self.expressions);
        project
    }

    /// The values as they are now.
    fn shown(&self, project: &Project) -> Vec<String> {
        let text = if self.db == Db::Mariadb { "char" } else { "text" };
        project
            .query(&format!("SELECT coalesce(CAST(age AS {text}), 'none') FROM people ORDER BY id"))
    }
}

/// Generates the change of `people.age` for the releases 9.0.0 and 9.0.1.
fn generate(project: &Project, to: &str, expressions: Option<(&str, &str)>) {
    let mut arguments = vec!["gen", "retype", "people.age", to, "--release", "9.0.0"];
    if let Some((using, back)) = expressions {
        arguments.extend(["--using", using, "--back", back]);
    }
    let _ = project.handover(&arguments).expect_status(0);
}

/// Runs the migrations of a release, up to this state.
fn migrate(project: &Project, version: &str, phase: &str, after: &str) {
    project.version(version);
    let output = project.handover(&["db", "migrate", "--offline", phase]).expect_status(0);
    assert_eq!(state(project), after, "{output}");
    let _ = project.handover(&["db", "verify"]).expect_status(0);
}
