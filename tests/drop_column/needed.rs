//! A column that something needs is refused by name, before anything has changed.

use super::{generate, state};
use crate::support::project::{Db, Project};

const PLAIN: &str =
    "CREATE TABLE users (id integer PRIMARY KEY, nickname varchar(40), email varchar(40))";

/// Databases, the table or more objects, and the words of the refusal.
const NEEDED: &[(&[Db], &str, &str)] = &[
    (
        &[Db::Postgres, Db::Mariadb],
        "DROP TABLE users; CREATE TABLE users (nickname varchar(9))",
        "it is the only column",
    ),
    (
        &Db::ALL,
        "DROP TABLE users; CREATE TABLE users (nickname varchar(9) PRIMARY KEY, email varchar(9))",
        "primary key",
    ),
    (
        &Db::ALL,
        "CREATE INDEX pair ON users (email, nickname)",
        "the index `pair` also has the column `email`",
    ),
    (
        &[Db::Postgres],
        "ALTER TABLE users ADD CONSTRAINT differ CHECK (nickname <> email)",
        "the check `differ` also has the column `email`",
    ),
    (
        &[Db::Mariadb],
        "ALTER TABLE users ADD CONSTRAINT differ CHECK (nickname <> email)",
        "the check `differ` depends on it",
    ),
    (
        &[Db::Sqlite],
        "DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY, nickname text, email text, CHECK (nickname <> email))",
        "the database does not let it be done",
    ),
    (
        &[Db::Sqlite],
        "DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY, nickname text UNIQUE)",
        "cannot drop UNIQUE column",
    ),
    (&Db::ALL, "CREATE VIEW names AS SELECT id, nickname FROM users", "names"),
    (
        &[Db::Sqlite],
        "CREATE TABLE posts (id integer PRIMARY KEY, who text); \
         CREATE TRIGGER copied AFTER INSERT ON posts BEGIN \
             UPDATE posts SET who = (SELECT \"nickname\" FROM users) WHERE id = new.id; END",
        "the trigger `copied` would still name it",
    ),
    (
        &[Db::Postgres, Db::Mariadb],
        "ALTER TABLE users ADD n integer GENERATED ALWAYS AS (length(nickname)) STORED",
        "the generated column `n` depends on it",
    ),
    (
        &[Db::Sqlite],
        "ALTER TABLE users ADD n integer GENERATED ALWAYS AS (length(nickname))",
        "the database does not let it be done",
    ),
    (
        &[Db::Postgres, Db::Mariadb],
        "CREATE UNIQUE INDEX own ON users (nickname); CREATE TABLE posts (who varchar(40), \
         CONSTRAINT who FOREIGN KEY (who) REFERENCES users (nickname))",
        "the foreign key `who` of",
    ),
    (
        &[Db::Sqlite],
        "CREATE UNIQUE INDEX own ON users (nickname); CREATE TABLE posts (who text REFERENCES Users (Nickname))",
        "a foreign key of `posts` refers to it",
    ),
    (
        &[Db::Mariadb],
        "CREATE TABLE names (n varchar(40) PRIMARY KEY); ALTER TABLE users ADD CONSTRAINT known \
         FOREIGN KEY (nickname) REFERENCES names (n)",
        "MariaDB drops no column with a foreign key (`known`)",
    ),
    (
        &[Db::Postgres],
        "CREATE POLICY own ON users USING (nickname = current_user)",
        "the policy `own`",
    ),
    (
        &[Db::Postgres],
        "CREATE FUNCTION first_name() RETURNS text LANGUAGE sql AS 'SELECT nickname FROM users'",
        "the function `public.first_name()` names the column `users.nickname`",
    ),
    (
        &[Db::Postgres],
        "CREATE TABLE posts (id integer, nickname text); CREATE FUNCTION joined() RETURNS bigint \
         LANGUAGE sql AS 'SELECT count(*) FROM users NATURAL JOIN posts'",
        "the function `public.joined()` seems to be one that joins `users` by NATURAL JOIN",
    ),
    (
        &[Db::Postgres],
        "CREATE TABLE posts (id integer, nickname text); CREATE FUNCTION joined() RETURNS bigint \
         LANGUAGE sql AS 'SELECT count(*) FROM users JOIN posts USING (nickname)'",
        "the function `public.joined()` seems to be one that names the column",
    ),
    (
        &[Db::Mariadb],
        "CREATE TABLE posts (id integer, nickname text); \
         CREATE PROCEDURE joined() SELECT count(*) FROM posts NATURAL JOIN users",
        "joined` seems to be one that joins `users` by NATURAL JOIN",
    ),
    (
        &[Db::Sqlite],
        "CREATE TABLE posts (id integer, nickname text); \
         CREATE VIEW joined AS SELECT count(*) AS n FROM users NATURAL LEFT JOIN posts",
        "the view `joined` seems to be one that joins `users` by NATURAL JOIN",
    ),
    (
        &[Db::Postgres, Db::Mariadb],
        "CREATE TABLE posts (id integer, nickname varchar(40)); \
         CREATE VIEW joined AS SELECT count(*) AS n FROM users NATURAL JOIN posts",
        "joined",
    ),
    (
        &Db::ALL,
        "CREATE TABLE posts (id integer, nickname varchar(40)); \
         CREATE VIEW joined AS SELECT count(*) AS n FROM users JOIN posts USING (nickname)",
        "joined",
    ),
    (
        &[Db::Sqlite],
        "CREATE TABLE posts (id integer, nickname text); CREATE TRIGGER joined AFTER INSERT ON posts BEGIN \
             DELETE FROM posts WHERE id > (SELECT count(*) FROM users NATURAL JOIN posts); END",
        "the trigger `joined` on `posts` seems to be one that joins `users` by NATURAL JOIN",
    ),
    (
        &[Db::Sqlite],
        "CREATE TABLE gone (a integer); CREATE VIEW stale AS SELECT a FROM gone; DROP TABLE gone",
        "the view `stale` does not work as it is (no such table: main.gone)",
    ),
    (
        &[Db::Sqlite],
        "CREATE TRIGGER t AFTER INSERT ON users BEGIN UPDATE users SET nickname = 'x'; END",
        "the trigger `t`",
    ),
    (
        &[Db::Mariadb],
        "CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW SET NEW.nickname = 'x'",
        "the trigger `t`",
    ),
    (
        &Db::ALL,
        "ALTER TABLE users ADD nickname_dropped integer",
        "already has a column `nickname_dropped`",
    ),
    (
        &[Db::Postgres],
        "DROP TABLE users; CREATE TABLE users (id integer, nickname text, email text) \
         PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF users FOR VALUES FROM (0) TO (9); \
         CREATE UNIQUE INDEX pair ON low (id, nickname)",
        "of `public.low`, which inherits it: the index `pair` also has the column `id`",
    ),
    (
        &[Db::Postgres],
        "CREATE TABLE admins (x integer) INHERITS (users); ALTER TABLE admins ALTER nickname SET NOT NULL",
        "`admins`, which inherits it, refuses NULL in it",
    ),
    (
        &[Db::Postgres],
        "CREATE DOMAIN whole AS users; CREATE TABLE kept (it whole)",
        "the domain `whole` has whole rows of it",
    ),
    (
        &[Db::Postgres],
        "CREATE TYPE part AS (it users, n integer); CREATE TABLE kept (it part)",
        "has whole rows of it",
    ),
    (
        &[Db::Mariadb],
        "ALTER TABLE users ADD n integer AS (id + 1) VIRTUAL, ADD KEY by_n (n)",
        "the index `by_n` of a virtual column",
    ),
    (
        &Db::ALL,
        "DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY, \
         nickname varchar(9) DEFAULT 'x' NOT NULL); CREATE UNIQUE INDEX one ON users (nickname)",
        "the unique index `one` lets its default be in one row only",
    ),
    (
        &[Db::Postgres],
        "DROP TABLE users; CREATE TABLE users (id integer, nickname text) PARTITION BY LIST (nickname)",
        "does not let it be done",
    ),
];

#[test]
fn drop_of_a_needed_column_is_refused_by_name() {
    for (databases, objects, words) in NEEDED {
        for db in *databases {
            let project = Project::new(*db);
            project.sql(PLAIN);
            project.sql(objects);
            generate(&project);
            project.version("9.0.0");
            let before = project.dump("users");
            for arguments in [&["db", "plan"][..], &["db", "migrate", "--offline"]] {
                let output = project.handover(arguments).expect_status(3);
                assert!(output.to_string().contains(words), "{db:?} {objects}\n{output}");
                assert!(
                    output.to_string().contains("cannot be dropped") || words.contains("already"),
                    "{output}"
                );
            }
            assert_eq!((state(&project).as_str(), project.dump("users")), ("", before));
        }
    }
}

/// What nobody can allow asks for no `--allow`.
#[test]
fn drop_beside_a_broken_view_does_not_ask_to_allow_it() {
    let project = Project::new(Db::Sqlite);
    project.sql(PLAIN);
    project.sql(
        "CREATE TABLE gone (a integer); CREATE VIEW stale AS SELECT a FROM gone; DROP TABLE gone",
    );
    generate(&project);
    project.version("9.0.0");
    let refused = project.handover(&["db", "migrate", "--offline"]).expect_status(3).to_string();
    assert!(!refused.contains("--allow"), "{refused}");
    project.sql("DROP VIEW stale");
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
}

/// An object that depends on the column of a table that inherits it is named as well.
#[test]
fn drop_names_what_depends_on_an_inherited_column() {
    for (objects, name) in [
        ("CREATE VIEW chiefs AS SELECT nickname FROM admins", "chiefs"),
        (
            "ALTER TABLE admins ADD UNIQUE (nickname); CREATE TABLE posts (who varchar(40) \
             CONSTRAINT writer REFERENCES admins (nickname))",
            "writer",
        ),
        ("CREATE STATISTICS both_of (dependencies) ON nickname, email FROM admins", "both_of"),
        (
            "CREATE RULE kept AS ON UPDATE TO admins WHERE new.nickname = '' DO INSTEAD NOTHING",
            "kept",
        ),
    ] {
        let project = Project::new(Db::Postgres);
        project.sql(PLAIN);
        project.sql("CREATE TABLE admins () INHERITS (users)");
        project.sql(objects);
        generate(&project);
        project.version("9.0.0");
        let refused = project.handover(&["db", "plan"]).expect_status(3).to_string();
        assert!(refused.contains(name), "{refused}");
    }
}

/// What was looked at, and may break, may stay.
#[test]
fn drop_goes_on_when_the_user_has_looked_at_a_function() {
    let project = Project::new(Db::Postgres);
    project.sql(PLAIN);
    project.sql(
        "CREATE FUNCTION name() RETURNS text LANGUAGE sql AS 'SELECT ''nickname'' FROM users'",
    );
    project.sql("CREATE FUNCTION own() RETURNS text LANGUAGE sql AS 'SELECT nickname FROM users'");
    generate(&project);
    project.version("9.0.0");
    let allow =
        ["db", "migrate", "--offline", "--allow", "public.own()", "--allow", "public.name()"];
    let _ = project.handover(&allow).expect_status(0);
    assert_eq!(state(&project), "ignored");
    project.version("9.0.1");
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    assert_eq!(state(&project), "contracted");
}

/// A purge that was refused has deleted nothing, so the way back is open.
#[test]
fn drop_can_be_undone_after_a_purge_that_was_refused() {
    for db in Db::ALL {
        let project = super::project(db);
        for release in ["9.0.0", "9.0.1"] {
            super::at(&project, release, &["db", "migrate", "--offline"], 0);
        }
        project.sql("CREATE VIEW kept AS SELECT id, nickname_dropped FROM users");
        super::at(&project, "9.1.0", &["db", "migrate", "--offline"], 3);
        project.sql("DROP VIEW kept");
        super::at(&project, "9.1.0", &["db", "rollback"], 0);
        super::at(&project, "9.0.1", &["db", "rollback"], 0);
        assert_eq!(state(&project), "ignored");
        assert_eq!(project.query("SELECT nickname FROM users ORDER BY id"), ["ada", "bob"]);
    }
}
