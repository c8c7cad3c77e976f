//! Names that have to be quoted.

use super::live;
use crate::support::project::{Db, each_database};
use crate::support::rename::Rename;

#[test]
fn life_shapes_odd_names() {
    each_database(|project| {
        // MariaDB allows no space at the end of a table's name.
        let end = if project.db == Db::Mariadb { "" } else { " " };
        let name = format!("odd \"table.s'{end}");
        let odd = Rename { table: &name, from: "user \"name", to: "SELECT", schema: None };
        let table = odd.quoted();
        live(
            project,
            odd,
            &format!(
                "CREATE TABLE {table} (\"Id\" integer PRIMARY KEY,
                                      \"user \"\"name\" text NOT NULL UNIQUE);
                 CREATE INDEX \"an \"\"index\" ON {table} (\"user \"\"name\");
                 INSERT INTO {table} VALUES (1, 'ada'), (2, 'grace')"
            ),
        );
    });
}
