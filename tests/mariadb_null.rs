//! NULL for a NOT NULL column, where MariaDB makes a value of it: the copy takes NULL until the
//! backfill has made it NOT NULL, nothing reads it there, and the backfill copies the value.

use handover::{Releases, Shim};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database};

use crate::support::project::{Db, Project};
use crate::support::rename::{Rename, state};

const TITLE: Rename<'static> = Rename { schema: None, table: "notes", from: "title", to: "head" };

/// Each row gets what it would get without a rename: `''`.
async fn write(project: &Project, expected: &str) {
    assert_eq!(state(project), expected);
    let mut options = ConnectOptions::new(&project.url);
    // The mode belongs to the session.
    options.max_connections(1);
    let connection = Database::connect(options).await.unwrap();
    let shim = Shim::builder(connection, Releases::default());
    let shim = shim.app_version("9.0.0").start().await.unwrap();
    for sql in [
        "DELETE FROM notes",
        "INSERT IGNORE INTO notes (id, head) VALUES (1, NULL)",
        "INSERT INTO notes VALUES (2, 'two'), (3, 'three'), (4, 'four')",
        "UPDATE IGNORE notes SET head = NULL WHERE id = 2",
        "INSERT IGNORE INTO notes SELECT id + 10, nullif(head, 'three') FROM notes WHERE id = 3",
        "SET sql_mode = ''",
        "UPDATE notes SET title = NULL WHERE id = 3",
        "INSERT INTO notes VALUES (5, 'five'), (6, NULL)",
        "REPLACE INTO notes (head, id) VALUES ('seven', 7), (NULL, 4)",
    ] {
        shim.execute_unprepared(sql).await.unwrap();
    }
    let rows = shim.query_all_raw(sea_orm::Statement::from_string(
        sea_orm::DbBackend::MySql,
        "SELECT concat(id, '=', head) FROM notes ORDER BY id",
    ));
    let rows = rows.await.unwrap();
    let rows: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    assert_eq!(rows, ["1=", "2=", "3=", "4=", "5=five", "6=", "7=seven", "13="], "{expected}");
    shim.shutdown().await.unwrap();
}

#[test]
fn mariadb_null_for_a_column_that_refuses_it() {
    let project = Project::new(Db::Mariadb);
    project.sql("CREATE TABLE notes (id integer PRIMARY KEY, title varchar(20) NOT NULL)");
    TITLE.write(&project);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (release, phase, state) in [
        ("9.0.0", "--pre", "dual_write"),
        ("9.0.0", "--post", "read_to"),
        ("9.0.1", "--post", "contracted"),
    ] {
        project.version(release);
        let _ = project.handover(&["db", "migrate", "--offline", phase]).expect_status(0);
        if state == "read_to" {
            TITLE.expect_equal(&project);
        }
        runtime.block_on(write(&project, state));
        if state == "read_to" {
            TITLE.expect_equal(&project);
        }
    }
}
