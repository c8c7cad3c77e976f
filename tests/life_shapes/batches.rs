//! Rows that a copy finds batch by batch.

use super::{live_with, on, on_each};
use crate::support::project::{Db, each_database};
use crate::support::rename::USERS;

#[test]
fn life_shapes_batches_over_gaps() {
    let rows: Vec<_> = (0_i64..50).map(|n| format!("({}, 'user {n}')", (n - 20).pow(3))).collect();
    let table = format!(
        "CREATE TABLE users (id integer PRIMARY KEY, username text UNIQUE);
         INSERT INTO users VALUES {}",
        rows.join(", ")
    );
    for size in ["1", "2", "7"] {
        each_database(|project| {
            live_with(project, USERS, &table, &["--batch-size", size]);
        });
    }
}

#[test]
fn life_shapes_batches_over_other_keys() {
    for key in ["a integer, b text, PRIMARY KEY (a, b)", "a integer, b text, UNIQUE (b)"] {
        let rows: Vec<_> = (0..20).map(|n| format!("({}, 'b{n}', 'user {n}')", n / 7)).collect();
        let table = format!(
            "CREATE TABLE users ({key});
             ALTER TABLE users ADD COLUMN username text;
             INSERT INTO users VALUES {}",
            rows.join(", ")
        );
        each_database(|project| live_with(project, USERS, &table, &["--batch-size", "3"]));
    }
}

#[test]
fn life_shapes_extreme_row_ids() {
    on_each(
        "CREATE TABLE users (id bigint PRIMARY KEY, username text);
         INSERT INTO users VALUES (-9223372036854775808, 'least'), (0, 'zero'),
                                  (9223372036854775807, 'greatest')",
    );
    on(
        Db::Sqlite,
        "CREATE TABLE users (id integer PRIMARY KEY, username text);
         INSERT INTO users VALUES (-9223372036854775808, 'least'), (0, 'zero'),
                                  (9223372036854775807, 'greatest')",
    );
}
