//! `db dump` and `db load`: a new database from a file, with nothing left to migrate.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use insta::allow_duplicates;

use crate::support::project::{Db, Output, Project, each_database};

/// A bit of everything that a schema can have beside the users.
const fn schema(db: Db) -> &'static str {
    match db {
        Db::Sqlite => {
            "CREATE TABLE posts (id integer PRIMARY KEY, author integer REFERENCES users (id),
                 body text DEFAULT 'a;b' CHECK (body <> '') -- never empty
             );
             CREATE INDEX posts_author ON posts (author) WHERE body IS NOT NULL;
             CREATE TABLE accounts (id integer PRIMARY KEY AUTOINCREMENT, \"odd name\" text);
             CREATE VIEW bodies AS SELECT body FROM posts -- all of them
             ;
             CREATE TRIGGER no_x BEFORE INSERT ON posts WHEN NEW.body = 'x'
             BEGIN SELECT RAISE(ABORT, 'no; not x'); END;
             CREATE VIRTUAL TABLE search USING fts5(body);
             INSERT INTO posts VALUES (1, 1, 'hello'); INSERT INTO accounts VALUES (7, 'a');"
        }
        Db::Postgres => {
            "CREATE SCHEMA more;
             CREATE TYPE more.colour AS ENUM ('red', 'blue');
             CREATE TABLE more.accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                 colour more.colour DEFAULT 'red' NOT NULL);
             CREATE TABLE posts (id serial PRIMARY KEY, author integer REFERENCES users (id),
                 body text DEFAULT 'a;b' CHECK (body <> ''));
             CREATE INDEX posts_author ON posts (author) WHERE body IS NOT NULL;
             CREATE VIEW bodies AS SELECT body FROM posts;
             CREATE FUNCTION no_x() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
             -- Dumped by hand
             IF NEW.body = 'x' THEN RAISE EXCEPTION 'no; not x'; END IF; RETURN NEW;
             END $$;
             CREATE TRIGGER no_x BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION no_x();
             COMMENT ON TABLE posts IS 'what they say';
             INSERT INTO posts (author, body) VALUES (1, 'hello');"
        }
        Db::Mariadb => {
            "CREATE TABLE posts (id integer AUTO_INCREMENT PRIMARY KEY, author integer,
                 body varchar(50) DEFAULT 'a;b' CHECK (body <> ''),
                 FOREIGN KEY (author) REFERENCES users (id)) COMMENT 'what AUTO_INCREMENT=5 is';
             CREATE VIEW bodies AS SELECT body FROM posts;
             CREATE TRIGGER no_x BEFORE INSERT ON posts FOR EACH ROW
             BEGIN
             IF NEW.body = 'x' THEN
             SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no; not x';
             END IF;
             END;
             CREATE FUNCTION one() RETURNS integer DETERMINISTIC BEGIN DECLARE a int; RETURN 1; END;
             CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DO DELETE FROM posts;
             INSERT INTO posts (author, body) VALUES (1, 'hello');"
        }
    }
}

/// A project whose database is past the rename.
fn migrated(db: Db) -> Project {
    let project = Project::worked_example(db, "9.0.0");
    project.sql(schema(db));
    for release in ["9.0.0", "9.0.1"] {
        project.version(release);
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    }
    project
}

const fn dump_file(db: Db) -> &'static str {
    match db {
        Db::Sqlite => "schema.sqlite.sql",
        Db::Postgres => "schema.postgres.sql",
        Db::Mariadb => "schema.mariadb.sql",
    }
}

fn dumped(project: &Project) -> String {
    fs::read_to_string(project.root().join(dump_file(project.db))).unwrap()
}

/// Another project with the same files and an empty database.
fn twin(project: &Project) -> Project {
    let twin = Project::bare(project.db);
    twin.add_worked_example();
    twin.version("9.0.1");
    twin.write(dump_file(project.db), &dumped(project));
    twin
}

#[test]
fn a_database_is_made_from_the_dump_of_another() {
    allow_duplicates!(each_database(|project| {
        let db = project.db;
        let project = migrated(db);
        let before = project.traces();
        let printed = project.handover(&["db", "dump", "--output", "-"]).expect_status(0).stdout;
        assert!(project.traces() == before);
        let output = project.handover(&["db", "dump"]).expect_status(0);
        insta::assert_snapshot!(output.to_string().replace(dump_file(db), "[file]"), @r"
        wrote [file]: at 9.0.1, with 3 migrations
        [exit 0]
        ");
        assert_eq!(dumped(&project), printed);
        let (sql, trailer) = printed.split_once("\n-- migration ").unwrap();
        assert_eq!(trailer.lines().count(), 3, "{printed}");
        for other in ["username", "handover_metadata", "DEFINER=", "restrict", "test_"] {
            assert!(!sql.contains(other), "{other}: {printed}");
        }
        assert!(!printed.contains("hello"), "it has rows: {printed}");

        let twin = twin(&project);
        let output = twin.handover(&["db", "load"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        the database is made from the schema dump: at 9.0.1, with 3 migrations
        next: handover db plan
        [exit 0]
        ");
        let output = twin.handover(&["db", "migrate"]).expect_status(0);
        assert!(output.stdout.starts_with("nothing to do"), "{output}");
        let status = twin.handover(&["db", "status"]).expect_status(0);
        assert!(status.stdout.contains("contracted"), "{status}");
        let output = twin.handover(&["db", "dump"]).expect_status(0);
        assert!(
            output.stdout.starts_with("nothing has changed in "),
            "{output}\n{}",
            dumped(&twin)
        );
        // What is in it works.
        twin.sql("INSERT INTO users VALUES (1, 'ada'); INSERT INTO posts (author) VALUES (1)");
        assert_eq!(twin.query("SELECT body FROM bodies"), ["a;b"]);
        // The other still has its rows, and its next numbers are no part of the schema.
        assert_eq!(project.query("SELECT body FROM bodies"), ["hello"]);
        // Twice is refused and changes nothing.
        let before = twin.traces();
        let output = twin.handover(&["db", "load"]).expect_status(2);
        insta::assert_snapshot!(output, @r"
        --- stderr ---
        error: the database is not empty: it is initialised already
        hint: a dump is for a new database; bring this one up with `handover db migrate`
        [exit 2]
        ");
        assert!(twin.traces() == before);
    }));
}

#[test]
fn sqlite_keeps_the_statements_as_they_were_typed() {
    let project = migrated(Db::Sqlite);
    let _ = project.handover(&["db", "dump"]).expect_status(0);
    let dump = dumped(&project);
    let (sql, _) = dump.split_once("\n-- migration ").unwrap();
    insta::assert_snapshot!(sql, @r#"
    -- handover schema dump, format 1, sqlite
    -- at release 9.0.1

    CREATE TABLE accounts (id integer PRIMARY KEY AUTOINCREMENT, "odd name" text);
    CREATE TABLE posts (id integer PRIMARY KEY, author integer REFERENCES users (id),
                     body text DEFAULT 'a;b' CHECK (body <> '') -- never empty
                 );
    CREATE TABLE users (id integer PRIMARY KEY, "handle" text NOT NULL UNIQUE);
    CREATE VIRTUAL TABLE search USING fts5(body);
    CREATE INDEX posts_author ON posts (author) WHERE body IS NOT NULL;
    CREATE VIEW bodies AS SELECT body FROM posts -- all of them
    ;
    CREATE TRIGGER no_x BEFORE INSERT ON posts WHEN NEW.body = 'x'
                 BEGIN SELECT RAISE(ABORT, 'no; not x'); END;
    "#);
}

#[test]
fn half_of_a_change_is_not_dumped() {
    allow_duplicates!(each_database(|project| {
        let project = Project::worked_example(project.db, "9.0.0");
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let before = project.traces();
        let output = project.handover(&["db", "dump"]).expect_status(3);
        insta::assert_snapshot!(output, @r"
        --- stderr ---
        error: change `rename_users_username_to_handle` is in state `dual_write`, and a schema dump cannot contain half a change
        hint: finish it with `handover db migrate`, or dump what is whole: `handover db dump --scratch`
        [exit 3]
        ");
        assert!(project.traces() == before);
        let _ = project.handover(&["db", "rollback"]).expect_status(0);
        let _ = project.handover(&["db", "dump"]).expect_status(0);
        assert!(dumped(&project).contains("username"));
        assert!(!dumped(&project).contains("-- migration "));
    }));
}

#[test]
fn a_dump_that_does_not_fit_changes_nothing() {
    let donor = migrated(Db::Sqlite);
    let _ = donor.handover(&["db", "dump"]).expect_status(0);
    let dump = dumped(&donor);
    let contract =
        "release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml";
    let mut text = String::new();
    let mut case = |name: &str, prepare: &dyn Fn(&Project)| {
        let project = twin(&donor);
        prepare(&project);
        let before = project.traces();
        let output: Output = project.handover(&["db", "load"]);
        writeln!(text, "## {name}\n{output}").unwrap();
        let after = project.traces();
        let made = after.iter().filter(|trace| !before.contains(trace));
        let made: Vec<&str> = made.map(|(path, _)| path.as_str()).collect();
        // An empty file and that of the lock are all that a failed statement leaves.
        let tables = project.query("SELECT name FROM sqlite_schema WHERE name <> 'mine'");
        assert!(tables.is_empty(), "{name}: {tables:?}");
        assert!(made.is_empty() || name.starts_with("statement"), "{name}: {made:?}");
    };
    let edit = |what: &'static str, instead: &'static str| {
        let dump = dump.clone();
        assert!(dump.contains(what), "{what}: {dump}");
        move |project: &Project| project.write("schema.sqlite.sql", &dump.replace(what, instead))
    };
    case("no dump", &|project| {
        fs::remove_file(project.root().join("schema.sqlite.sql")).unwrap();
    });
    case("header", &edit("schema dump, ", "schema "));
    case("format", &edit("format 1", "format 9"));
    case("kind", &edit("format 1, sqlite", "format 1, postgres"));
    case("release", &edit("at release 9.0.1", "at release nine"));
    case("trailer", &edit("sha256:", "sha256:0"));
    case("file gone", &|project| fs::remove_file(project.root().join(contract)).unwrap());
    case("plain SQL gone", &|project| {
        let line =
            format!("-- migration 20261121093003 9.0.1 sha256:{} seed.sql\n", "0".repeat(64));
        project.write("schema.sqlite.sql", &(dump.clone() + &line));
    });
    case("file edited", &|project| {
        let file = project.root().join(contract);
        let text = fs::read_to_string(&file).unwrap();
        fs::write(file, text + "# a comment\n").unwrap();
    });
    case("not empty", &|project| project.sql("CREATE TABLE mine (id integer)"));
    case("statement fails", &edit("CREATE INDEX posts_author", "CREATE INDEX posts_author ON"));
    case("statement is no end of the rename", &edit("handle", "handel"));
    let cut = dump.lines().filter(|line| !line.contains("contract.yml")).collect::<Vec<_>>();
    let cut = cut.join("\n") + "\n";
    case("statement for half a change", &|project| project.write("schema.sqlite.sql", &cut));
    insta::assert_snapshot!(text, @r#"
    ## no dump
    --- stderr ---
    error: there is no schema dump `schema.sqlite.sql`
    hint: make it from a database that is migrated: `handover db dump`
    [exit 2]
    ## header
    --- stderr ---
    error: schema.sqlite.sql:1:1: a schema dump begins with `-- handover schema dump, format 1, sqlite`
    hint: restore the file, or regenerate it: `handover db dump`
    [exit 2]
    ## format
    --- stderr ---
    error: schema.sqlite.sql:1:1: the dump has format 9; this handover reads format 1
    hint: restore the file, or regenerate it: `handover db dump`
    [exit 2]
    ## kind
    --- stderr ---
    error: the dump is of postgres, and the database is sqlite
    hint: load `schema.sqlite.sql`, or check DATABASE_URL
    [exit 2]
    ## release
    --- stderr ---
    error: schema.sqlite.sql:2:1: `nine` is not a version of the form `9.0.0`
    hint: restore the file, or regenerate it: `handover db dump`
    [exit 2]
    ## trailer
    --- stderr ---
    error: schema.sqlite.sql:16:1: the line is not of the form `-- migration ID RELEASE sha256:DIGITS FILE`
    hint: restore the file, or regenerate it: `handover db dump`
    [exit 2]
    ## file gone
    --- stderr ---
    error: change `rename_users_username_to_handle` has no stage `contract`, though it has `release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml`
    hint: restore the file of stage `contract`, then run `handover check`
    [exit 2]
    ## plain SQL gone
    --- stderr ---
    error: the schema dump contains migration `20261121093003_seed.sql`, whose file is gone
    hint: restore the file from version control, or make the dump again: `handover db dump`
    [exit 2]
    ## file edited
    --- stderr ---
    error: `release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml` has changed since the schema was dumped (dumped with checksum `fcd948fd9ced02d3b668cc399de10049e44bec12c1a7ee6d72f9c8663f1466aa`, found `7cebad694766c3ec9db51a5a889b4d414e6dec812a7f7547763481694a2785f4`)
    hint: restore it: `git checkout -- release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml`
    [exit 2]
    ## not empty
    --- stderr ---
    error: the database is not empty: it has tables
    hint: a dump is for a new database; bring this one up with `handover db migrate`
    [exit 2]
    ## statement fails
    --- stderr ---
    error: a statement of the schema dump failed
    caused by: near "ON": syntax error
    hint: fix the dump or the database, then run the same command again
    [exit 1]
    ## statement is no end of the rename
    --- stderr ---
    error: the schema dump does not fit the migrations that it lists: table `users` should have a column `handle` and none called `username`
    hint: make the dump again: `handover db dump`
    [exit 2]
    ## statement for half a change
    --- stderr ---
    error: the schema dump does not fit the migrations that it lists: change `rename_users_username_to_handle` is not finished in it
    hint: make the dump again: `handover db dump`
    [exit 2]
    "#);
}

#[test]
fn a_statement_that_fails_says_what_is_left() {
    for db in [Db::Postgres, Db::Mariadb] {
        let project = migrated(db);
        let _ = project.handover(&["db", "dump"]).expect_status(0);
        let twin = twin(&project);
        let broken = dumped(&twin).replace("bodies", "postings").replace("posts", "postings");
        twin.write(dump_file(db), &broken);
        let output = twin.handover(&["db", "load"]).expect_status(1).to_string();
        assert!(output.contains("error: a statement of the schema dump failed\n"), "{output}");
        let undone = twin.traces().iter().all(|(trace, _)| !trace.contains("postings"));
        assert_eq!(undone, db == Db::Postgres);
        assert_eq!(output.contains("drop the database and create it again"), !undone, "{output}");
    }
}

#[test]
fn the_programs_of_the_servers() {
    for (db, program) in [(Db::Postgres, "pg_dump"), (Db::Mariadb, "mariadb-dump")] {
        let project = migrated(db);
        let run = |path: &str| {
            let mut command = project.command(&["db", "dump"]);
            let output = command.env("PATH", path).output().unwrap();
            assert_eq!(output.status.code(), Some(1));
            String::from_utf8(output.stderr).unwrap()
        };
        let said = run("/nonexistent");
        assert!(said.contains(&format!("`{program}` is not installed")), "{said}");
        assert!(said.contains("apt-get install "), "{said}");
        let own = project.root().join("bin").join(program);
        let fake = |script: &str| {
            project.write(&format!("bin/{program}"), script);
            fs::set_permissions(&own, fs::Permissions::from_mode(0o755)).unwrap();
            run(&format!("{}:/usr/bin:/bin", own.parent().unwrap().display()))
        };
        let said = fake("#!/bin/sh\necho 'it (PostgreSQL) 9.6.3 9.6.3-MariaDB'\n");
        assert!(said.contains(&format!("`{program}` has version 9.6.3, but the server")), "{said}");
        let said = fake(
            "#!/bin/sh\n[ \"$1\" = --version ] && { echo 99.1-MariaDB; exit; }\n\
             echo \"cannot: $PGHOST $*\" >&2; exit 1\n",
        );
        assert!(said.contains(&format!("`{program}` failed: cannot: ")), "{said}");
        assert!(!project.root().join(dump_file(db)).exists());
    }
}

#[test]
fn the_programs_get_the_password_and_do_not_show_it() {
    let project = migrated(Db::Postgres);
    project.sql(
        "DROP ROLE IF EXISTS locked_out; CREATE ROLE locked_out SUPERUSER LOGIN PASSWORD 'se krit'",
    );
    let url = project.url.replace("postgres@", "locked_out:se%20krit@");
    assert_ne!(url, project.url);
    let output = project.handover(&["db", "dump", "--database-url", &url]).expect_status(0);
    assert!(!output.to_string().contains("krit"), "{output}");
    project.write(
        "bin/pg_dump",
        "#!/bin/sh\n[ \"$1\" = --version ] && { echo 99; exit; }\n\
         case \"$*\" in *krit*) exit 0;; esac\necho \"no: $PGPASSWORD\" >&2; exit 1\n",
    );
    let own = project.root().join("bin/pg_dump");
    fs::set_permissions(&own, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = project.command(&["db", "dump", "--database-url", &url]);
    let path = format!("{}:/usr/bin:/bin", own.parent().unwrap().display());
    let output = command.env("PATH", path).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("`pg_dump` failed: no: ***"), "{said}");
    project.sql("DROP ROLE locked_out");
}

/// The app's tables, and a rename in them that is over in 9.0.1; another that is not.
fn released(db: Db) -> Project {
    let project = Project::bare(db);
    let text = if db == Db::Mariadb { "varchar(50)" } else { "text" };
    project.write(
        "release_migrations/8.0.0/1_users.sql",
        &format!("CREATE TABLE users (id integer PRIMARY KEY, username {text} NOT NULL UNIQUE, mail {text})"),
    );
    project.add_worked_example();
    project.write(
        "release_migrations/9.0.1/20261121093009_posts.sql",
        "CREATE TABLE posts (id integer)",
    );
    let other = ["gen", "rename", "users.mail", "email", "--release", "9.0.1"];
    let _ = project.handover(&other).expect_status(0);
    project.version("9.0.1");
    project
}

#[test]
fn the_files_alone_make_a_dump() {
    allow_duplicates!(each_database(|project| {
        let db = project.db;
        let project = released(db);
        let before = project.traces();
        let dump = |arguments: &[&str]| {
            project.handover(&[&["db", "dump", "--scratch"], arguments].concat()).expect_status(0)
        };
        // Halfway through a rename it is left out, and the schema is that of the release before.
        let printed = dump(&["--release", "9.0.0", "--output", "-"]).stdout;
        assert!(
            printed.contains("-- at release 8.0.0\n") && printed.contains("username"),
            "{printed}"
        );
        assert_eq!(printed.matches("-- migration ").count(), 1, "{printed}");
        assert!(project.traces() == before, "it has touched the database");
        let output = dump(&[]);
        insta::assert_snapshot!(output.to_string().replace(dump_file(db), "[file]"), @r"
        wrote [file]: at 9.0.0, with 5 migrations
        [exit 0]
        ");
        let first = dumped(&project);
        assert!(
            first.contains("handle") && first.contains("mail") && !first.contains("email"),
            "{first}"
        );
        // From the dump that is there, it goes on with what is newer.
        assert!(dump(&[]).stdout.starts_with("nothing has changed"));
        assert_eq!(dumped(&project), first);
        // A database made from it runs the rest, and only that.
        let _ = project.handover(&["db", "load"]).expect_status(0);
        let output = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert!(output.stderr.contains("rename_users_mail_to_email"), "{output}");
        assert!(!output.stderr.contains("username"), "{output}");
        project.version("9.0.2");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        // Which is what the files make when the rename is over, but for the order of columns.
        let whole = dump(&["--output", "-"]).stdout;
        let _ = project.handover(&["db", "dump"]).expect_status(0);
        assert_eq!(dumped(&project), whole);
    }));
}

#[test]
fn tables_that_no_migration_makes() {
    let project = Project::bare(Db::Sqlite);
    project.add_worked_example();
    project.version("9.0.1");
    let dump = ["db", "dump", "--scratch", "-o", "-"];
    insta::assert_snapshot!(project.handover(&dump), @r"
    --- stderr ---
    error: the migrations do not run on a scratch database
    caused by: stage `expand` of change `rename_users_username_to_handle` (release 9.0.0) cannot run: there is no table `users`
    hint: if they need tables that no migration makes: commit a schema dump that has them (`handover db dump`), or name SQL that makes them as `rehearse.prepare` in handover.yml
    [exit 1]
    ");
    project.write("handover.yml", "rehearse: { prepare: db/base.sql }");
    insta::assert_snapshot!(project.handover(&dump), @r"
    --- stderr ---
    error: cannot read `db/base.sql`
    caused by: entity not found
    hint: make `db/base.sql` readable
    [exit 2]
    ");
    project.write("db/base.sql", "CREATE TABLE users (id integer PRIMARY KEY, username text");
    insta::assert_snapshot!(project.handover(&dump), @r"
    --- stderr ---
    error: `db/base.sql` failed on the empty scratch database
    caused by: incomplete input
    hint: fix `db/base.sql`, then run the same command again
    [exit 1]
    ");
    project.write("db/base.sql", "CREATE TABLE users (id integer PRIMARY KEY, username text)");
    let output = project.handover(&dump).expect_status(0);
    assert!(output.stdout.contains("\nCREATE TABLE users"), "{output}");
}
