//! What only SQLite has.

use super::on;
use crate::support::project::Db;

#[test]
fn life_shapes_sqlite_without_row_id() {
    on(
        Db::Sqlite,
        "CREATE TABLE users (code text PRIMARY KEY, username text NOT NULL) WITHOUT ROWID;
         INSERT INTO users VALUES ('b', 'ada'), ('a', 'grace'), ('c''', 'eve')",
    );
    on(
        Db::Sqlite,
        "CREATE TABLE users (a integer, b real, username text, PRIMARY KEY (b, a)) WITHOUT ROWID;
         INSERT INTO users VALUES (1, 0.1, 'ada'), (1, -2.5e300, 'grace'), (2, 0.1, 'eve')",
    );
}

#[test]
fn life_shapes_sqlite_names_of_the_row_id() {
    on(
        Db::Sqlite,
        "CREATE TABLE users (rowid text, _rowid_ text, username text);
         INSERT INTO users VALUES ('x', 'y', 'ada'), (NULL, 'y', 'grace')",
    );
    on(
        Db::Sqlite,
        "CREATE TABLE users (rowid text, _rowid_ text, oid integer PRIMARY KEY, username text);
         INSERT INTO users VALUES ('x', 'y', 1, 'ada'), (NULL, 'y', -2, 'grace')",
    );
    on(
        Db::Sqlite,
        "CREATE TABLE users (rowid text, _rowid_ text, oid text, code text NOT NULL PRIMARY KEY, username text);
         INSERT INTO users VALUES ('x', 'y', 1, 'c', 'ada'), (NULL, 'y', -2, 'd', 'grace')",
    );
}

#[test]
fn life_shapes_sqlite_types_of_values() {
    on(
        Db::Sqlite,
        "CREATE TABLE users (id integer PRIMARY KEY, username);
         INSERT INTO users VALUES (1, 1), (2, '1'), (3, 1.0), (4, x'31'), (5, NULL), (6, '')",
    );
    on(
        Db::Sqlite,
        "CREATE TABLE users (id integer PRIMARY KEY, username any NOT NULL) STRICT;
         INSERT INTO users VALUES (1, 1), (2, '1'), (3, 1.5), (4, x'31'), (6, '')",
    );
}

#[test]
fn life_shapes_sqlite_what_refers_to_the_column() {
    on(
        Db::Sqlite,
        "CREATE TABLE users (id integer PRIMARY KEY, username text UNIQUE CHECK (username <> 'x'),
                             shout text AS (upper(username)));
         CREATE TABLE posts (author text REFERENCES users (username));
         CREATE VIEW names (name) AS SELECT username FROM users;
         CREATE INDEX users_some ON users (username) WHERE username > 'b';
         CREATE INDEX users_lower ON users (lower(username));
         CREATE TABLE log (line text);
         CREATE TRIGGER users_log AFTER UPDATE OF username ON users
           BEGIN INSERT INTO log VALUES (old.username || new.username); END;
         INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace')",
    );
}
