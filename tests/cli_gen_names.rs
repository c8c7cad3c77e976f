//! Names that need quotes live as long as others.

use crate::support::project::each_database;

/// Tables, columns and new names.
const NAMES: [(&str, &str, &str); 7] = [
    ("Order Items", "se\"lect", "naïve; drop"),
    ("select", "from", "where"),
    ("o'clock", "it's", "100%"),
    ("UPPER", "CamelCase", "snake_case"),
    ("таблица", "имя", "名前"),
    ("a.b", "c.d", "e.f"),
    ("users", "{{ id }}", "# no comment: \\ `x`"),
];

#[test]
fn any_name_lives_through_the_whole_of_a_rename_in_place() {
    for (table, from, to) in NAMES {
        each_database(|project| {
            eprintln!("{table}.{from} to {to}");
            let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
            let (quoted, column) = (quote(table), quote(from));
            project.sql(&format!(
                "CREATE TABLE {quoted} (id integer PRIMARY KEY, {column} varchar(9) NOT NULL UNIQUE);
                 INSERT INTO {quoted} VALUES (1, 'ada'), (2, 'grace')"
            ));
            let before = project.dump(&quoted);
            let path = format!("{quoted}.{column}");
            let _ = project
                .handover(&["gen", "rename", &path, to, "--release", "9.0.0", "--in-place"])
                .expect_status(0);
            let _ = project.handover(&["check"]).expect_status(0);
            project.version("9.0.1");
            let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
            let names = format!("SELECT {quoted}.{} FROM {quoted} ORDER BY 1", quote(to));
            assert_eq!(project.query(&names), ["ada", "grace"]);
            let _ = project.handover(&["db", "verify"]).expect_status(0);
            let _ = project.handover(&["db", "rollback", "--step", "2"]).expect_status(0);
            assert_eq!(project.dump(&quoted), before);
        });
    }
}

#[test]
fn any_name_lives_through_the_whole_of_a_rename() {
    for (table, from, to) in NAMES {
        each_database(|project| {
            eprintln!("{table}.{from} to {to}");
            let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
            let (quoted, column) = (quote(table), quote(from));
            project.sql(&format!(
                "CREATE TABLE {quoted} (id integer PRIMARY KEY, {column} text NOT NULL UNIQUE);
                 INSERT INTO {quoted} VALUES (1, 'ada'), (2, 'grace')"
            ));
            let rows = |column: &str| {
                project
                    .query(&format!("SELECT {quoted}.{} FROM {quoted} ORDER BY 1", quote(column)))
            };
            let path = format!("{quoted}.{column}");
            let _ = project
                .handover(&["gen", "rename", &path, to, "--release", "9.0.0"])
                .expect_status(0);
            let _ = project.handover(&["check"]).expect_status(0);
            project.version("9.0.1");
            let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
            assert_eq!(rows(to), ["ada", "grace"]);
            let _ = project.handover(&["db", "rollback", "--step", "1"]).expect_status(0);
            assert_eq!([rows(from), rows(to)], [["ada", "grace"]; 2]);
            let _ = project.handover(&["db", "rollback", "--step", "2"]).expect_status(0);
            assert_eq!(rows(from), ["ada", "grace"]);
            let status = project.handover(&["db", "status"]).expect_status(0);
            assert!(status.stdout.contains(&format!("{from} -> {to}")), "{status}");
        });
    }
}
