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
        Db::Postgres,
        "CREATE TABLE admins (handle text) INHERITS (users)",
        "`admins`, which inherits from it, already has a column `handle`",
    ),
    (
        Db::Postgres,
        "CREATE TABLE admins () INHERITS (users);
         CREATE FUNCTION lower_name() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN NEW.username := lower(NEW.username); RETURN NEW; END';
         CREATE TRIGGER t BEFORE INSERT ON admins FOR EACH ROW EXECUTE FUNCTION lower_name()",
        "the function `public.lower_name()` names the column `admins.username`",
    ),
    (
        Db::Postgres,
        "CREATE TABLE admins () INHERITS (users); CREATE PUBLICATION part FOR TABLE ONLY admins",
        "the publication `part` sends its columns by name",
    ),
    (
        Db::Postgres,
        "CREATE EXTENSION postgres_fdw;
         CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw;
         CREATE FOREIGN TABLE far () INHERITS (users) SERVER elsewhere",
        "the foreign table `far`, which belongs to it, has its columns by name on another server",
    ),
    (
        Db::Postgres,
        "CREATE VIEW whole AS SELECT u FROM users AS u",
        "the column `u` of `whole` has whole rows of it",
    ),
    (
        Db::Postgres,
        "CREATE TABLE kept (id integer, it users)",
        "the column `it` of `kept` has whole rows of it",
    ),
    (
        Db::Postgres,
        "CREATE FUNCTION everybody() RETURNS SETOF users LANGUAGE sql AS 'SELECT * FROM users'",
        "the function `public.everybody()`",
    ),
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
        Db::Postgres,
        "CREATE TABLE posts (id integer, username text); CREATE FUNCTION joined() RETURNS bigint \
         LANGUAGE sql AS 'SELECT count(*) FROM users NATURAL JOIN posts'",
        "the function `public.joined()` seems to be one that joins `users` by NATURAL JOIN",
    ),
    (
        Db::Postgres,
        "CREATE TABLE posts (id integer, handle text); CREATE FUNCTION joined() RETURNS bigint \
         LANGUAGE sql AS 'SELECT count(*) FROM users NATURAL JOIN posts'",
        "the function `public.joined()` seems to be one that joins `users` by NATURAL JOIN",
    ),
    (
        Db::Mariadb,
        "CREATE TABLE posts (id integer, username text); \
         CREATE PROCEDURE joined() SELECT count(*) FROM users NATURAL JOIN posts",
        "joined` seems to be one that joins `users` by NATURAL JOIN",
    ),
    (
        Db::Sqlite,
        "CREATE TABLE posts (id integer, handle text); \
         CREATE VIEW joined AS SELECT count(*) AS n FROM users NATURAL JOIN posts",
        "the view `joined` seems to be one that joins `users` by NATURAL JOIN",
    ),
    (
        Db::Sqlite,
        "CREATE TABLE posts (id integer, username text); \
         CREATE VIEW joined AS SELECT count(*) AS n FROM users JOIN posts USING (username)",
        "joined",
    ),
    (
        Db::Sqlite,
        "CREATE TABLE gone (a integer); CREATE VIEW stale AS SELECT a FROM gone; DROP TABLE gone",
        "the view `stale` does not work as it is (no such table: main.gone)",
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
        // Rows of a foreign table cannot be read here.
        let dump =
            || if objects.contains("FOREIGN") { String::new() } else { project.dump("users") };
        let before = dump();
        for command in ["plan", "migrate"] {
            let output = project.handover(&["db", command]);
            let said = output.steady(&format!("{}{}", output.stdout, output.stderr));
            assert!(said.contains(words), "{command}: {words}\n{said}");
            assert_eq!(output.status, Some(3), "{command}\n{said}");
        }
        assert_eq!(dump(), before);
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

/// A rollback that is refused says how it goes on: `db migrate` would not.
#[test]
fn in_place_a_refused_rollback_goes_on_with_the_command_that_it_names() {
    let project = Project::new(Db::Postgres);
    project.sql(PLAIN);
    generate(&project);
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    project.sql("CREATE FUNCTION late() RETURNS text LANGUAGE sql AS 'SELECT handle FROM users'");
    let output = project.handover(&["db", "rollback", "--step", "2"]).expect_status(3);
    let command = "handover db rollback --step 2 --allow 'function:public.late()'";
    assert!(output.stderr.contains(command), "{output}");
    let allowed = ["db", "rollback", "--step", "2", "--allow", "function:public.late()"];
    let _ = project.handover(&allowed).expect_status(0);
    assert_eq!(state(&project), "pending");
}
