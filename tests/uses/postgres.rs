//! The objects that PostgreSQL keeps.

use handover::Dialect;
use handover::model::TableName;

use super::{ALL, CHANGES, NAMES, POSITION, WRITES, expect, lines};
use crate::support::project::{Db, Project};

#[test]
fn postgres_functions_and_triggers() {
    let project = Project::bare(Db::Postgres);
    project.sql(
        "CREATE TABLE users (id serial PRIMARY KEY, username text, post_count int, updated_at text);
         CREATE TABLE posts (id int, username text, author int);
         CREATE TABLE archive (id int, username text, post_count int, updated_at text)",
    );
    let of = |object: &str, what: &str| format!("{object} {what}");
    let cases: Vec<(&str, Vec<String>)> = vec![
        (
            "CREATE FUNCTION reads(i integer) RETURNS text LANGUAGE sql AS
             $$ SELECT username FROM users WHERE id = i $$",
            vec![of("function:public.reads(integer)", NAMES)],
        ),
        (
            "CREATE FUNCTION typed() RETURNS void LANGUAGE plpgsql AS
             $$ DECLARE u users.username%TYPE; BEGIN END $$",
            vec![of("function:public.typed()", NAMES)],
        ),
        (
            "CREATE FUNCTION in_a_record() RETURNS text LANGUAGE plpgsql AS
             $$ DECLARE r users%ROWTYPE; BEGIN SELECT * INTO r FROM users; RETURN r.username; END $$",
            vec![of("function:public.in_a_record()", NAMES) + " ?"],
        ),
        (
            "CREATE PROCEDURE writes(n text, VARIADIC more integer[]) LANGUAGE plpgsql AS
             $$ BEGIN UPDATE public.users SET username = n; END $$",
            vec![of("procedure:public.writes(text, integer[])", WRITES)],
        ),
        (
            "CREATE FUNCTION dynamic(n text) RETURNS void LANGUAGE plpgsql AS
             $$ BEGIN EXECUTE 'UPDATE users SET username = $1' USING n; END $$",
            vec![of("function:public.dynamic(text)", WRITES)],
        ),
        (
            "CREATE FUNCTION by_position() RETURNS void LANGUAGE sql AS
             $$ INSERT INTO users VALUES (1, 'a') $$",
            vec![of("function:public.by_position()", POSITION)],
        ),
        (
            "CREATE FUNCTION archives() RETURNS void LANGUAGE sql AS
             $$ INSERT INTO archive SELECT * FROM users $$",
            vec![of("function:public.archives()", ALL)],
        ),
        (
            "CREATE FUNCTION of_row(u users) RETURNS text LANGUAGE sql AS $$ SELECT u.username $$",
            vec![of("function:public.of_row(users)", NAMES) + " ?"],
        ),
        (
            "CREATE FUNCTION all_rows() RETURNS SETOF users LANGUAGE sql AS $$ SELECT * FROM users $$",
            vec![],
        ),
        (
            "CREATE FUNCTION other_table() RETURNS SETOF text LANGUAGE sql AS
             $$ SELECT p.username FROM posts p JOIN users u ON u.id = p.author $$",
            vec![],
        ),
        (
            "CREATE SCHEMA other; CREATE TABLE other.people (username text);
             CREATE FUNCTION other.people() RETURNS SETOF text LANGUAGE sql AS
             $$ SELECT username FROM other.people $$",
            vec![],
        ),
        (
            "CREATE FUNCTION lowers() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN NEW.username := lower(NEW.username); RETURN NEW; END $$;
             CREATE TRIGGER lowers BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION lowers()",
            vec![of("function:public.lowers()", CHANGES)],
        ),
        (
            "CREATE FUNCTION audits() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE NOTICE '%', row_to_json(NEW); RETURN NEW; END $$;
             CREATE TRIGGER audits AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION audits()",
            vec![of("function:public.audits()",
                "uses whole rows of `users`, with the names of their columns ?")],
        ),
        (
            "CREATE FUNCTION counts() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN UPDATE users SET post_count = post_count + 1 WHERE id = NEW.author;
             RAISE NOTICE '%', NEW.username; RETURN NEW; END $$;
             CREATE TRIGGER counts AFTER INSERT ON posts FOR EACH ROW EXECUTE FUNCTION counts()",
            vec![],
        ),
        (
            "ALTER TABLE users ADD words tsvector; CREATE TRIGGER words BEFORE INSERT ON users
             FOR EACH ROW EXECUTE FUNCTION
             tsvector_update_trigger(words, 'pg_catalog.english', username)",
            vec![of("trigger:public.users.words", NAMES)],
        ),
        (
            "CREATE FUNCTION handover_guard_x() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE 'users.username'; END $$;
             CREATE TRIGGER zzz_handover_guard_x BEFORE UPDATE ON users
             FOR EACH ROW EXECUTE FUNCTION handover_guard_x()",
            vec![],
        ),
    ];
    let cases: Vec<(&str, Vec<&str>)> = cases
        .iter()
        .map(|(sql, lines)| (*sql, lines.iter().map(String::as_str).collect()))
        .collect();
    let cases: Vec<(&str, &[&str])> =
        cases.iter().map(|(sql, lines)| (*sql, lines.as_slice())).collect();
    expect(&project, &cases);
}

/// A body of SQL's standard form is no text: the catalog knows the columns that it depends on.
#[test]
fn postgres_standard_bodies_are_left_to_the_catalog() {
    let project = Project::bare(Db::Postgres);
    project.sql(
        "CREATE TABLE users (id int, username text);
         CREATE FUNCTION f() RETURNS SETOF text LANGUAGE sql
         BEGIN ATOMIC SELECT username FROM users; END;
         CREATE PROCEDURE g() LANGUAGE sql BEGIN ATOMIC INSERT INTO users VALUES (1, 'a'); END",
    );
    assert_eq!(lines(&project, "users"), Vec::<String>::new());
    let name: TableName = "users".parse().unwrap();
    let table = project.block_on(async |db| {
        handover::database::catalog::table(db, Dialect::Postgres, &name).await.unwrap().unwrap()
    });
    let dependents: Vec<&str> = table
        .dependents
        .iter()
        .filter(|own| own.column == "username")
        .map(|own| own.words.as_str())
        .collect();
    let depends = ["the function `f()` depends on it", "the function `g()` depends on it"];
    assert_eq!(dependents, depends);
}

/// A name without a schema may mean the table of another one.
#[test]
fn postgres_tables_of_the_same_name() {
    let project = Project::bare(Db::Postgres);
    project.sql(
        "CREATE TABLE users (id int, username text);
         CREATE SCHEMA tenant; CREATE TABLE tenant.users (id int, username text);
         CREATE FUNCTION either() RETURNS SETOF text LANGUAGE sql AS 'SELECT username FROM users';
         CREATE FUNCTION own() RETURNS SETOF text LANGUAGE sql AS
         'SELECT username FROM public.users';
         CREATE FUNCTION theirs() RETURNS SETOF text LANGUAGE sql AS
         'SELECT username FROM tenant.users'",
    );
    let either = format!("function:public.either() {NAMES} ?");
    let of = |function: &str| format!("function:public.{function}() {NAMES}");
    assert_eq!(lines(&project, "users"), [either.clone(), of("own")]);
    assert_eq!(lines(&project, "tenant.users"), [either, of("theirs")]);
}
