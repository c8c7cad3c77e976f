//! What would not follow the column is refused by name, before anything has changed.

use super::generate;
use crate::support::project::{Db, Project};
use crate::support::rename::state;

const PLAIN: &str = "CREATE TABLE users (id integer PRIMARY KEY, username varchar(40))";

/// Database, further objects, and the words of the refusal.
const REFUSED: &[(Db, &str, &str)] = &[
    (
        Db::Postgres,
        "CREATE FUNCTION first_name() RETURNS text LANGUAGE sql AS 'SELECT username FROM users'",
        "the function `public.first_name()` names the column `users.username`",
    ),
    (
        Db::Postgres,
        "CREATE PUBLICATION everybody FOR TABLE users",
        "the publication `everybody` sends its columns by name",
    ),
    (
        Db::Postgres,
        "CREATE TABLE base (username text); DROP TABLE users;
         CREATE TABLE users (id integer) INHERITS (base)",
        "the column is inherited from another table",
    ),
    (Db::Postgres, "ALTER TABLE users ADD COLUMN handle text", "already has a column `handle`"),
    (
        Db::Mariadb,
        "CREATE VIEW names AS SELECT username FROM users",
        "the view `[name].names` names the column `users.username`",
    ),
    (
        Db::Mariadb,
        "CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW SET NEW.username = lower(NEW.username)",
        "the trigger `t` on `[name].users` names the column `users.username`",
    ),
    (
        Db::Mariadb,
        "ALTER TABLE users ADD COLUMN long_text longtext UNIQUE",
        "beside the unique index `long_text` of a text without a length",
    ),
    (
        Db::Sqlite,
        "CREATE VIEW names AS SELECT username FROM users",
        "the view `names` has a column `username` that would be called `handle`",
    ),
];

#[test]
fn in_place_refuses_what_would_not_follow() {
    for (db, objects, words) in REFUSED {
        let project = Project::new(*db);
        project.sql(PLAIN);
        project.sql(objects);
        generate(&project);
        let before = project.dump("users");
        for command in ["plan", "migrate"] {
            let output = project.handover(&["db", command]);
            let said = output.steady(&format!("{}{}", output.stdout, output.stderr));
            assert!(said.contains(words), "{command}: {words}\n{said}");
            assert_eq!(output.status, Some(3), "{command}\n{said}");
        }
        assert_eq!(project.dump("users"), before);
        assert_eq!(project.query("SELECT state FROM handover_changes"), [""; 0], "{words}");
    }
}

/// What came since the announcement is refused before the column is renamed.
#[test]
fn in_place_refuses_what_came_since() {
    let project = Project::new(Db::Postgres);
    project.sql(PLAIN);
    generate(&project);
    let _ = project.handover(&["db", "migrate", "--offline", "--pre"]).expect_status(0);
    project.sql("CREATE PUBLICATION everybody FOR ALL TABLES");
    let output = project.handover(&["db", "migrate", "--offline"]).expect_status(3);
    assert!(output.stderr.contains("publication:everybody"), "{output}");
    assert_eq!(state(&project), "announced");
    let allowed = ["db", "migrate", "--offline", "--allow", "publication:everybody"];
    let _ = project.handover(&allowed).expect_status(0);
    assert_eq!(state(&project), "contracted");
}
