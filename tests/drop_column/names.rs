//! Names with spaces, capitals and quotes.

use super::{at, state};
use crate::support::project::{Db, each_database};
use crate::support::rename::column;

const MIGRATE: [&str; 3] = ["db", "migrate", "--offline"];

#[test]
fn drop_of_a_column_with_an_odd_name() {
    for name in ["Nick Name", "nick\"name", "select", "Nïck", "a'b"] {
        each_database(|project| {
            let quoted = column(name);
            let aside = column(&format!("{name}_dropped"));
            project.sql(&format!(
                "CREATE TABLE \"Odd Users\" (id integer PRIMARY KEY, {quoted} varchar(40) NOT NULL \
                 CHECK ({quoted} <> ''), email varchar(40)); \
                 CREATE INDEX \"By It\" ON \"Odd Users\" ({quoted}); \
                 INSERT INTO \"Odd Users\" VALUES (1, 'ada', 'a@x')"
            ));
            let path = format!("\"Odd Users\".{quoted}");
            let _ =
                project.handover(&["gen", "drop", &path, "--release", "9.0.0"]).expect_status(0);
            let before = project.dump("\"Odd Users\"");
            at(project, "9.0.0", &MIGRATE, 0);
            project.sql("INSERT INTO \"Odd Users\" (id, email) VALUES (2, 'b@x')");
            let refused = at(project, "9.0.0", &["db", "rollback"], 3);
            let typed = match project.db {
                Db::Mariadb => format!("`{}` IS NULL", name.replace('`', "``")),
                Db::Sqlite | Db::Postgres => format!("{quoted} IS NULL"),
            };
            assert!(refused.contains(&typed) || project.db == Db::Sqlite, "{refused}");
            project.sql("DELETE FROM \"Odd Users\" WHERE id = 2");
            at(project, "9.0.1", &MIGRATE, 0);
            let kept = project.query(&format!("SELECT {aside} FROM \"Odd Users\""));
            assert_eq!(kept, ["ada"]);
            at(project, "9.0.1", &["db", "rollback", "--step", "2"], 0);
            assert_eq!(project.dump("\"Odd Users\""), before, "{name}");
            at(project, "9.0.1", &MIGRATE, 0);
            at(project, "9.1.0", &MIGRATE, 0);
            assert_eq!(state(project), "purged");
            at(project, "9.1.0", &["db", "verify"], 0);
        });
    }
}
