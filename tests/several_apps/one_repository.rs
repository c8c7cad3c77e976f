//! One repository with two databases, each with its own migrations.

use crate::support::project::{Db, Project};

#[test]
fn one_repository_has_a_folder_for_each_database() {
    for db in Db::ALL {
        let (orders, events) = (Project::new(db), Project::new(db));
        // Both folders are in one repository.
        for (folder, table) in [("orders", "orders"), ("events", "events")] {
            let sql = format!("CREATE TABLE {table} (id integer PRIMARY KEY, name text)");
            orders.write(&format!("db/{folder}/release_migrations/1.0.0/1_{table}.sql"), &sql);
        }
        orders.version("1.0.0");
        for (folder, database, table) in
            [("orders", &orders, "orders"), ("events", &events, "events")]
        {
            let folder = format!("db/{folder}");
            let arguments =
                ["--root", &folder, "--app-version", "1.0.0", "--database-url", &database.url];
            for command in [["db", "plan"], ["db", "migrate"], ["db", "verify"]] {
                let output = orders.handover(&[&arguments[..], &command].concat());
                let _ = output.expect_status(0);
            }
            assert_eq!(
                database.query(&format!("SELECT CAST(count(*) AS text) FROM {table}")),
                ["0"]
            );
        }
    }
}
