//! The database itself says, before anything has changed, whether inserts may leave the column out.

use super::{at, generate, state};
use crate::support::project::{Db, Project};

const PLAIN: &str = "CREATE TABLE users (id integer PRIMARY KEY, nickname varchar(9), email varchar(9)); \
     INSERT INTO users VALUES (1, 'ada', 'a@x')";

/// Databases, the table or more objects, and the words of the refusal.
const REFUSED: &[(&[Db], &str, &str)] = &[
    (
        &Db::ALL,
        "DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY, \
         nickname varchar(9) CHECK (nickname IS NOT NULL))",
        "refuses NULL, which the column has in a row that leaves it out",
    ),
    (
        &Db::ALL,
        "DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY, \
         nickname varchar(9) NOT NULL DEFAULT '' CHECK (nickname <> ''))",
        "refuses its default `''",
    ),
    (
        &[Db::Sqlite],
        "DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY, \
         nickname text NOT NULL CONSTRAINT named CHECK (coalesce(nickname, '') <> ''))",
        "the check `named` refuses NULL",
    ),
    (
        &[Db::Postgres],
        "ALTER TABLE users ADD CONSTRAINT named CHECK (coalesce(nickname, '') <> '') NOT VALID",
        "the check `named` refuses NULL",
    ),
    (
        &[Db::Postgres],
        "CREATE DOMAIN nick AS text CHECK (VALUE IS NOT NULL); \
         ALTER TABLE users ALTER nickname TYPE nick",
        "its type (value for domain nick violates check constraint \"nick_check\") refuses NULL",
    ),
    (
        &[Db::Postgres],
        "ALTER TABLE users ADD CONSTRAINT whole CHECK (users IS NOT NULL)",
        "the database refuses a row that leaves it out: new row for relation \"users\" violates \
         check constraint \"whole\"",
    ),
    (
        &[Db::Postgres],
        "CREATE FUNCTION complete() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN \
         IF NOT NEW IS NOT NULL THEN RAISE EXCEPTION ''something is missing''; END IF; RETURN NEW; END'; \
         CREATE TRIGGER complete BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION complete()",
        "the database refuses a row that leaves it out: something is missing",
    ),
    (
        &[Db::Sqlite, Db::Postgres],
        "DROP TABLE users; CREATE TABLE names (n varchar(9) PRIMARY KEY); CREATE TABLE users \
         (id integer PRIMARY KEY, nickname varchar(9) DEFAULT 'x' REFERENCES names)",
        "refuses its default `'x'",
    ),
    (
        &[Db::Postgres],
        "DROP TABLE users; CREATE TABLE users (id integer, nickname text) PARTITION BY RANGE (id); \
         CREATE TABLE low PARTITION OF users FOR VALUES FROM (0) TO (9); \
         ALTER TABLE low ADD CONSTRAINT named CHECK (nickname IS NOT NULL)",
        "of `public.low`, which inherits it: the check `named` refuses NULL",
    ),
];

#[test]
fn drop_of_a_column_that_inserts_cannot_leave_out_is_refused() {
    for (databases, objects, words) in REFUSED {
        for db in *databases {
            let project = Project::new(*db);
            project.sql(PLAIN);
            project.sql(objects);
            generate(&project);
            let before = project.dump("users");
            eprintln!("{db:?} {objects}");
            for command in [&["db", "plan"][..], &["db", "migrate", "--offline"]] {
                let refused = at(&project, "9.0.0", command, 3);
                assert!(refused.contains(words), "{db:?} {objects}\n{refused}");
                assert!(refused.contains("cannot be dropped"), "{refused}");
            }
            assert_eq!((state(&project).as_str(), project.dump("users")), ("", before));
        }
    }
}

/// What only looks as if it refused the row is no obstacle.
#[test]
fn drop_of_a_column_that_inserts_can_leave_out_goes_on() {
    let names = "CREATE TABLE names (n varchar(9) PRIMARY KEY); INSERT INTO names VALUES ('x');";
    for (databases, objects) in [
        (
            &Db::ALL[..],
            "DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY, \
            nickname varchar(9) NOT NULL CHECK (nickname <> ''), email varchar(9))",
        ),
        (
            &Db::ALL,
            "DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY, \
            nickname varchar(9) NOT NULL DEFAULT 'x' CHECK (nickname IS NOT NULL), email varchar(9))",
        ),
        (
            &[Db::Sqlite, Db::Postgres],
            "DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY, \
            nickname varchar(9) DEFAULT 'x' REFERENCES names, email varchar(9))",
        ),
        (
            &[Db::Postgres],
            "ALTER TABLE users ADD CONSTRAINT whole CHECK (num_nonnulls(users.*) > 0); \
            CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS \
            'BEGIN NEW.email := lower(NEW.email); RETURN NEW; END'; \
            CREATE TRIGGER touch BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION touch()",
        ),
    ] {
        for db in databases {
            let project = Project::new(*db);
            project.sql(PLAIN);
            project.sql(names);
            project.sql(objects);
            generate(&project);
            at(&project, "9.0.0", &["db", "migrate", "--offline"], 0);
            project.sql("INSERT INTO users (id, email) VALUES (2, 'B@x')");
        }
    }
}
