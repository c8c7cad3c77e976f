//! Keys, constraints, defaults and indexes that each database has.

use super::{live, on_each};
use crate::support::project::each_database;
use crate::support::rename::{Rename, USERS};

#[test]
fn life_shapes_integer_key_with_nulls_and_an_index() {
    on_each(
        "CREATE TABLE users (id integer PRIMARY KEY, username text, email text);
         CREATE INDEX users_username ON users (username);
         INSERT INTO users VALUES (1, 'ada', 'a'), (2, NULL, NULL), (-3, 'eve', 'e'), (9, '', '')",
    );
}

#[test]
fn life_shapes_not_null_and_unique() {
    on_each(
        "CREATE TABLE users (id bigint PRIMARY KEY, username varchar(20) NOT NULL UNIQUE, n int);
         INSERT INTO users VALUES (10, 'ada', 1), (20, 'grace', 2), (30, 'o''hara \\ \"x\"', 3)",
    );
}

#[test]
fn life_shapes_text_key() {
    on_each(
        "CREATE TABLE users (email text PRIMARY KEY NOT NULL, username text);
         INSERT INTO users VALUES ('a', 'ada'), ('it''s \\', 'grace'), ('', 'eve'), ('Ä', 'x')",
    );
}

#[test]
fn life_shapes_composite_key() {
    on_each(
        "CREATE TABLE users (tenant integer NOT NULL, code text NOT NULL, username text,
                             PRIMARY KEY (tenant, code));
         INSERT INTO users VALUES (1, 'b', 'ada'), (1, 'a', 'grace'), (2, 'a', 'eve'), (-1, '', 'x')",
    );
}

#[test]
fn life_shapes_no_key() {
    on_each(
        "CREATE TABLE users (username text, email text);
         INSERT INTO users VALUES ('ada', 'a'), ('ada', 'a'), (NULL, 'b'), ('x', NULL)",
    );
}

#[test]
fn life_shapes_empty() {
    on_each("CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL UNIQUE)");
}

#[test]
fn life_shapes_default() {
    on_each(
        "CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL DEFAULT 'no''body',
                             n integer DEFAULT -7);
         INSERT INTO users (id) VALUES (1); INSERT INTO users VALUES (2, 'ada', 1)",
    );
    let numbers = Rename { from: "n", to: "number", ..USERS };
    each_database(|project| {
        live(
            project,
            numbers,
            "CREATE TABLE users (id integer PRIMARY KEY, n integer DEFAULT -7);
             INSERT INTO users (id) VALUES (1); INSERT INTO users VALUES (2, NULL), (3, 0)",
        );
    });
}

#[test]
fn life_shapes_several_columns_in_indexes() {
    on_each(
        "CREATE TABLE users (id integer PRIMARY KEY, tenant integer, username text, n integer,
                             UNIQUE (tenant, username));
         CREATE UNIQUE INDEX users_pair ON users (username, n);
         CREATE INDEX users_down ON users (n DESC, username DESC);
         INSERT INTO users VALUES (1, 1, 'ada', 1), (2, 2, 'ada', 2), (3, NULL, 'ada', NULL)",
    );
}

/// A name is taken if any table has an index of that name, not only this one.
#[test]
fn life_shapes_index_names_taken_elsewhere() {
    let table = "
         CREATE TABLE posts (id integer PRIMARY KEY, handle text);
         CREATE INDEX users_handle ON posts (handle);
         CREATE INDEX users_handle_key ON posts (id);
         CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL UNIQUE, email text);
         CREATE UNIQUE INDEX users_username ON users (username);
         INSERT INTO users VALUES (1, 'ada', NULL), (2, 'grace', 'g')";
    each_database(|project| {
        live(project, USERS, table);
        let posts = project.dump("posts");
        project.sql("DROP TABLE posts; DROP TABLE users");
        project.sql(table);
        assert_eq!(posts, project.dump("posts"));
    });
}
