//! What is refused, by name, before anything is changed.

use super::generate;
use crate::support::project::{Db, Output, Project, each_database};

/// The refusal of a change of `people.age`, which leaves the table as it is.
fn refused(db: Db, tables: &str, to: &str, expressions: Option<(&str, &str)>) -> Output {
    let project = Project::new(db);
    project.sql(tables);
    generate(&project, to, expressions);
    project.version("9.0.0");
    let before = project.dump("people");
    let output = project.handover(&["db", "migrate", "--offline", "--pre"]).expect_status(3);
    assert_eq!(project.dump("people"), before, "{output}");
    output
}

#[test]
fn retype_refuses_values_that_do_not_convert_with_their_keys() {
    for (db, column) in [(Db::Postgres, "text"), (Db::Mariadb, "varchar(20)"), (Db::Sqlite, "text")]
    {
        let rows: Vec<String> = (0..30)
            .map(|id| format!("({id}, '{}')", if id % 2 == 0 { "7" } else { "seven" }))
            .collect();
        let tables = format!(
            "CREATE TABLE people (id integer PRIMARY KEY, age {column}); \
             INSERT INTO people VALUES {}",
            rows.join(", ")
        );
        let output = refused(db, &tables, "integer", None);
        assert!(output.stderr.contains("15 row(s) of `people`"), "{output}");
        let key = if db == Db::Sqlite { "rowid" } else { "id" };
        assert!(output.stderr.contains(&format!("{key} = 1; {key} = 3")), "{output}");
        assert!(output.stderr.contains("…"), "{output}");
    }
}

#[test]
fn retype_refuses_a_way_back_that_loses_something() {
    each_database(|given| {
        let tables = "CREATE TABLE people (id integer PRIMARY KEY, age integer); \
                      INSERT INTO people VALUES (1, 10), (2, 15)";
        let output = refused(given.db, tables, "numeric(10, 2)", Some(("age / 10", "age * 10")));
        assert!(output.stderr.contains("id = 2"), "{output}");
    });
}

#[test]
fn retype_refuses_what_it_cannot_carry_over() {
    for (db, tables, named) in [
        (Db::Postgres, "CREATE TABLE people (age integer PRIMARY KEY)", "primary key"),
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age integer NOT NULL CONSTRAINT by_age UNIQUE); \
             ALTER TABLE people REPLICA IDENTITY USING INDEX by_age",
            "the index `by_age` is the replica identity",
        ),
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age integer CONSTRAINT old CHECK (age > 3))",
            "the check `old` uses it",
        ),
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age integer); CREATE INDEX odd ON people ((age + 1))",
            "the index `odd` has an expression",
        ),
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age integer); CREATE VIEW v AS SELECT age FROM people",
            "v",
        ),
        (Db::Postgres, "CREATE TABLE people (id int, age serial)", "default"),
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age int); CREATE TABLE posts (id int, age int); \
             CREATE FUNCTION joined() RETURNS bigint LANGUAGE sql AS \
             'SELECT count(*) FROM people NATURAL JOIN posts'",
            "joins `people` by NATURAL JOIN",
        ),
        (
            Db::Mariadb,
            "CREATE TABLE people (id int, age int); CREATE TABLE posts (id int, age int); \
             CREATE PROCEDURE joined() SELECT count(*) FROM people NATURAL JOIN posts",
            "joins `people` by NATURAL JOIN",
        ),
        (
            Db::Sqlite,
            "CREATE TABLE people (id int, age int); CREATE TABLE posts (id int, age int); \
             CREATE VIEW joined AS SELECT count(*) AS n FROM people NATURAL JOIN posts",
            "joins `people` by NATURAL JOIN",
        ),
        (Db::Sqlite, "CREATE TABLE people (id int, age int CHECK (age > 3))", "check"),
        (
            Db::Sqlite,
            "CREATE TABLE a (id integer PRIMARY KEY); \
             CREATE TABLE people (id int, age int REFERENCES a (id))",
            "foreign key",
        ),
        (
            Db::Postgres,
            "CREATE TABLE people (id int, age integer UNIQUE DEFERRABLE)",
            "is checked at the end of a transaction (DEFERRABLE)",
        ),
        (
            Db::Sqlite,
            "CREATE TABLE people (id int, age int UNIQUE) STRICT",
            "refuses duplicates, in a table that is STRICT",
        ),
        (Db::Mariadb, "CREATE TABLE people (id int, age int CHECK (age > 3))", "check"),
    ] {
        let to = if db == Db::Sqlite { "text" } else { "varchar(30)" };
        let output = refused(db, tables, to, None);
        assert!(output.stderr.contains("cannot be given another type"), "{output}");
        assert!(output.stderr.contains(named), "{named}: {output}");
    }
}

#[test]
fn retype_refuses_a_type_or_function_that_does_not_exist() {
    let tables = "CREATE TABLE people (id integer PRIMARY KEY, age integer)";
    for db in [Db::Postgres, Db::Mariadb] {
        let output = refused(db, tables, "no_such_type", None);
        assert!(output.stderr.contains("no_such_type"), "{output}");
    }
    each_database(|given| {
        let output = refused(given.db, tables, "varchar(20)", Some(("no_such(age)", "age")));
        assert!(output.stderr.contains("no_such"), "{output}");
    });
    let output = refused(Db::Postgres, tables, "text", Some(("timeofday2(age)", "age::int")));
    assert!(output.stderr.contains("timeofday2"), "{output}");
}

#[test]
fn retype_and_rename_of_one_column_are_refused() {
    let project = Project::new(Db::Sqlite);
    generate(&project, "text", None);
    let rename = ["gen", "rename", "people.age", "years", "--release", "9.0.0"];
    let output = project.handover(&rename).expect_status(2);
    assert!(output.stderr.contains("people.age"), "{output}");
}
