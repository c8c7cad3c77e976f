//! What in a database uses a column by its name: found on real servers, in the objects that they keep.

use handover::Dialect;
use handover::database::catalog::uses::{self, AppTrigger, Object, Use};
use handover::model::{Identifier, TableName};

use crate::support::project::{Db, Project};

const fn dialect(db: Db) -> Dialect {
    match db {
        Db::Sqlite => Dialect::Sqlite,
        Db::Postgres => Dialect::Postgres,
        Db::Mariadb => Dialect::Mysql,
    }
}

/// The uses of `users.username`, about to be `handle`.
fn uses_of(project: &Project, table: &str) -> Vec<Use> {
    let table: TableName = table.parse().unwrap();
    let (from, to) = (Identifier::new("username").unwrap(), Identifier::new("handle").unwrap());
    project
        .block_on(async |db| uses::uses(db, dialect(project.db), &table, &from, &to).await.unwrap())
}

/// Each use as its object's spelling and what it does; one that is not certain with a question mark.
/// The name of the database, which is another in each test, is `db`.
fn lines(project: &Project, table: &str) -> Vec<String> {
    let home = match project.db {
        Db::Mariadb => project.query("SELECT database()").remove(0),
        Db::Sqlite | Db::Postgres => "no database".to_owned(),
    };
    let line = |found: &Use| {
        let mark = if found.certain { "" } else { " ?" };
        format!("{} {}{mark}", found.object.key(), found.problem).replace(&home, "db")
    };
    let mut lines: Vec<String> = uses_of(project, table).iter().map(line).collect();
    lines.sort();
    lines
}

/// The cases, each a statement that makes an object and how its use is shown; where that is empty, the
/// object is no use. Each is looked for in a database that has all of them.
fn expect(project: &Project, cases: &[(&str, &[&str])]) {
    let mut want: Vec<String> = Vec::new();
    for (sql, lines) in cases {
        project.sql(sql);
        want.extend(lines.iter().map(|line| (*line).to_owned()));
    }
    want.sort();
    assert_eq!(lines(project, "users"), want, "on {:?}", project.db);
}

const NAMES: &str = "names the column `users.username`";
const WRITES: &str = "writes the column `users.username` but not its copy";
const CHANGES: &str = "changes `users.username` in the row that is being written, but not its copy";
const POSITION: &str = "inserts into `users` without a list of columns";
const ALL: &str = "reads all columns of `users` by `*`, and there will be one more";

#[test]
fn postgres_functions_and_triggers() {
    let project = Project::bare(Db::Postgres);
    project.sql(
        "CREATE TABLE users (id serial PRIMARY KEY, username text, post_count int, updated_at text);
         CREATE TABLE posts (id int, username text, author int);
         CREATE TABLE archive (id int, username text, post_count int, updated_at text)",
    );
    let of = |object: &str, what: &str| format!("{object} {what}");
    let cases: Vec<(&str, Vec<String>)> = vec![
        (
            "CREATE FUNCTION reads(i integer) RETURNS text LANGUAGE sql AS
             $$ SELECT username FROM users WHERE id = i $$",
            vec![of("function:public.reads(integer)", NAMES)],
        ),
        (
            "CREATE FUNCTION typed() RETURNS void LANGUAGE plpgsql AS
             $$ DECLARE u users.username%TYPE; BEGIN END $$",
            vec![of("function:public.typed()", NAMES)],
        ),
        (
            "CREATE FUNCTION in_a_record() RETURNS text LANGUAGE plpgsql AS
             $$ DECLARE r users%ROWTYPE; BEGIN SELECT * INTO r FROM users; RETURN r.username; END $$",
            vec![of("function:public.in_a_record()", NAMES) + " ?"],
        ),
        (
            "CREATE PROCEDURE writes(n text, VARIADIC more integer[]) LANGUAGE plpgsql AS
             $$ BEGIN UPDATE public.users SET username = n; END $$",
            vec![of("procedure:public.writes(text, integer[])", WRITES)],
        ),
        (
            "CREATE FUNCTION dynamic(n text) RETURNS void LANGUAGE plpgsql AS
             $$ BEGIN EXECUTE 'UPDATE users SET username = $1' USING n; END $$",
            vec![of("function:public.dynamic(text)", WRITES)],
        ),
        (
            "CREATE FUNCTION by_position() RETURNS void LANGUAGE sql AS
             $$ INSERT INTO users VALUES (1, 'a') $$",
            vec![of("function:public.by_position()", POSITION)],
        ),
        (
            "CREATE FUNCTION archives() RETURNS void LANGUAGE sql AS
             $$ INSERT INTO archive SELECT * FROM users $$",
            vec![of("function:public.archives()", ALL)],
        ),
        (
            "CREATE FUNCTION of_row(u users) RETURNS text LANGUAGE sql AS $$ SELECT u.username $$",
            vec![of("function:public.of_row(users)", NAMES) + " ?"],
        ),
        (
            "CREATE FUNCTION all_rows() RETURNS SETOF users LANGUAGE sql AS $$ SELECT * FROM users $$",
            vec![],
        ),
        (
            "CREATE FUNCTION other_table() RETURNS SETOF text LANGUAGE sql AS
             $$ SELECT p.username FROM posts p JOIN users u ON u.id = p.author $$",
            vec![],
        ),
        (
            "CREATE SCHEMA other; CREATE TABLE other.people (username text);
             CREATE FUNCTION other.people() RETURNS SETOF text LANGUAGE sql AS
             $$ SELECT username FROM other.people $$",
            vec![],
        ),
        (
            "CREATE FUNCTION lowers() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN NEW.username := lower(NEW.username); RETURN NEW; END $$;
             CREATE TRIGGER lowers BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION lowers()",
            vec![of("function:public.lowers()", CHANGES)],
        ),
        (
            "CREATE FUNCTION audits() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE NOTICE '%', row_to_json(NEW); RETURN NEW; END $$;
             CREATE TRIGGER audits AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION audits()",
            vec![of("function:public.audits()",
                "uses whole rows of `users`, with the names of their columns ?")],
        ),
        (
            "CREATE FUNCTION counts() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN UPDATE users SET post_count = post_count + 1 WHERE id = NEW.author;
             RAISE NOTICE '%', NEW.username; RETURN NEW; END $$;
             CREATE TRIGGER counts AFTER INSERT ON posts FOR EACH ROW EXECUTE FUNCTION counts()",
            vec![],
        ),
        (
            "ALTER TABLE users ADD words tsvector; CREATE TRIGGER words BEFORE INSERT ON users
             FOR EACH ROW EXECUTE FUNCTION
             tsvector_update_trigger(words, 'pg_catalog.english', username)",
            vec![of("trigger:public.users.words", NAMES)],
        ),
        (
            "CREATE FUNCTION handover_guard_x() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE 'users.username'; END $$;
             CREATE TRIGGER zzz_handover_guard_x BEFORE UPDATE ON users
             FOR EACH ROW EXECUTE FUNCTION handover_guard_x()",
            vec![],
        ),
    ];
    let cases: Vec<(&str, Vec<&str>)> = cases
        .iter()
        .map(|(sql, lines)| (*sql, lines.iter().map(String::as_str).collect()))
        .collect();
    let cases: Vec<(&str, &[&str])> =
        cases.iter().map(|(sql, lines)| (*sql, lines.as_slice())).collect();
    expect(&project, &cases);
}

/// A body of SQL's standard form is no text: the catalog knows the columns that it depends on.
#[test]
fn postgres_standard_bodies_are_left_to_the_catalog() {
    let project = Project::bare(Db::Postgres);
    project.sql(
        "CREATE TABLE users (id int, username text);
         CREATE FUNCTION f() RETURNS SETOF text LANGUAGE sql
         BEGIN ATOMIC SELECT username FROM users; END;
         CREATE PROCEDURE g() LANGUAGE sql BEGIN ATOMIC INSERT INTO users VALUES (1, 'a'); END",
    );
    assert_eq!(lines(&project, "users"), Vec::<String>::new());
    let name: TableName = "users".parse().unwrap();
    let table = project.block_on(async |db| {
        handover::database::catalog::table(db, Dialect::Postgres, &name).await.unwrap().unwrap()
    });
    let dependents: Vec<&str> = table
        .dependents
        .iter()
        .filter(|(column, _)| column == "username")
        .map(|(_, object)| object.as_str())
        .collect();
    let depends = ["the function `f()` depends on it", "the function `g()` depends on it"];
    assert_eq!(dependents, depends);
}

/// A name without a schema may mean the table of another one.
#[test]
fn postgres_tables_of_the_same_name() {
    let project = Project::bare(Db::Postgres);
    project.sql(
        "CREATE TABLE users (id int, username text);
         CREATE SCHEMA tenant; CREATE TABLE tenant.users (id int, username text);
         CREATE FUNCTION either() RETURNS SETOF text LANGUAGE sql AS 'SELECT username FROM users';
         CREATE FUNCTION own() RETURNS SETOF text LANGUAGE sql AS
         'SELECT username FROM public.users';
         CREATE FUNCTION theirs() RETURNS SETOF text LANGUAGE sql AS
         'SELECT username FROM tenant.users'",
    );
    let either = format!("function:public.either() {NAMES} ?");
    let of = |function: &str| format!("function:public.{function}() {NAMES}");
    assert_eq!(lines(&project, "users"), [either.clone(), of("own")]);
    assert_eq!(lines(&project, "tenant.users"), [either, of("theirs")]);
}

#[test]
fn mariadb_routines_triggers_and_events() {
    let project = Project::bare(Db::Mariadb);
    project.sql(
        "CREATE TABLE users (id int PRIMARY KEY, username varchar(20), post_count int);
         CREATE TABLE posts (id int, username varchar(20), author int);
         CREATE TABLE archive (id int, username varchar(20), post_count int)",
    );
    let home = project.query("SELECT database()").remove(0);
    let other = format!("{home}_other");
    project.sql(&format!("CREATE DATABASE {other}; CREATE TABLE {other}.log (a text)"));
    let made = [
        "CREATE TRIGGER of_posts AFTER INSERT ON posts FOR EACH ROW
         UPDATE users SET username = NEW.username WHERE id = NEW.author",
        "CREATE TRIGGER counts AFTER INSERT ON posts FOR EACH ROW
         UPDATE users SET post_count = post_count + 1 WHERE id = NEW.author",
        "CREATE TRIGGER lowers BEFORE INSERT ON users FOR EACH ROW
         SET NEW.username = lower(NEW.username)",
        "CREATE TRIGGER logs AFTER DELETE ON users FOR EACH ROW
         INSERT INTO archive (username) VALUES (OLD.username)",
        "CREATE TRIGGER zzz_handover_guard_x BEFORE UPDATE ON users FOR EACH ROW
         IF NEW.username <> '' THEN SIGNAL SQLSTATE '45000'; END IF",
        "CREATE FUNCTION counted() RETURNS int READS SQL DATA
         RETURN (SELECT count(username) FROM users)",
        "CREATE PROCEDURE by_position() BEGIN INSERT INTO users VALUES (1, 'a', 2); END",
        "CREATE PROCEDURE archives() INSERT INTO archive SELECT * FROM users",
        "CREATE PROCEDURE dynamic() EXECUTE IMMEDIATE 'UPDATE users SET username = 1'",
        "CREATE PROCEDURE of_posts() UPDATE posts p JOIN users u ON p.author = u.id
         SET p.username = 1",
        "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM users WHERE username = ''",
        &format!("CREATE PROCEDURE {other}.far() UPDATE {home}.users SET username = 1"),
        &format!("CREATE PROCEDURE {other}.own() UPDATE users SET username = 1"),
        "SET sql_mode = 'ANSI_QUOTES'; CREATE PROCEDURE quoted() UPDATE users SET username = 1",
    ];
    for sql in made {
        project.sql(sql);
    }
    let found = lines(&project, "users");
    project.sql(&format!("DROP DATABASE {other}"));
    let mut want = vec![
        format!("trigger:db.posts.of_posts {WRITES}"),
        format!("trigger:db.users.lowers {CHANGES}"),
        format!("trigger:db.users.logs {NAMES}"),
        format!("function:db.counted {NAMES}"),
        format!("procedure:db.by_position {POSITION}"),
        format!("procedure:db.archives {ALL}"),
        format!("procedure:db.dynamic {WRITES}"),
        format!("procedure:db.quoted {WRITES}"),
        format!("event:db.nightly {NAMES}"),
        format!("procedure:db_other.far {WRITES}"),
    ];
    want.sort();
    assert_eq!(found, want);
}

/// Who may call a routine sees its name, and its text only with another right.
#[test]
fn mariadb_a_body_that_cannot_be_read() {
    let project = Project::bare(Db::Mariadb);
    project.sql("CREATE TABLE users (id int, username varchar(20))");
    project.sql("CREATE PROCEDURE hidden() UPDATE users SET username = 1");
    let home = project.query("SELECT database()").remove(0);
    project.sql(&format!(
        "CREATE USER uses_reader@localhost; GRANT SELECT, EXECUTE ON {home}.* TO uses_reader@localhost"
    ));
    let url = project.url.replace("root@", "uses_reader@");
    let (table, from, to) = ("users".parse().unwrap(), "username", "handle");
    let found = project.block_on(async |_| {
        let reader = sea_orm::Database::connect(url).await.unwrap();
        let (from, to) = (Identifier::new(from).unwrap(), Identifier::new(to).unwrap());
        let found = uses::uses(&reader, Dialect::Mysql, &table, &from, &to).await.unwrap();
        reader.close().await.unwrap();
        found
    });
    project.sql("DROP USER uses_reader@localhost");
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    let want = format!("the procedure `{home}.hidden` has a body that this user may not read");
    assert_eq!(shown, [want]);
    assert!(!found[0].certain);
}

#[test]
fn sqlite_triggers_views_and_indexes() {
    let project = Project::bare(Db::Sqlite);
    project.sql(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, post_count INT);
         CREATE TABLE posts (id INTEGER PRIMARY KEY, username TEXT, author INT);
         CREATE TABLE archive (id INT, username TEXT, post_count INT)",
    );
    let changes = "has a column `username` that would be called `handle`";
    let names =
        |of: &str| format!("names the column `username` of `{of}`, whose name would change");
    let cases: Vec<(&str, Vec<String>)> = vec![
        (
            "CREATE TRIGGER counts AFTER INSERT ON posts BEGIN
             UPDATE users SET post_count = post_count + 1 WHERE id = NEW.author; END",
            vec![],
        ),
        (
            "CREATE TRIGGER reads AFTER UPDATE OF username ON users BEGIN
             INSERT INTO posts (username) VALUES (NEW.username); END",
            vec![],
        ),
        (
            "CREATE TRIGGER lowers AFTER INSERT ON users BEGIN
             UPDATE users SET username = lower(NEW.username) WHERE id = NEW.id; END",
            vec![format!("trigger:users.lowers {WRITES}")],
        ),
        (
            "CREATE TRIGGER positions AFTER INSERT ON posts BEGIN
             INSERT INTO Users VALUES (NEW.id, 'a', 1); END",
            vec![format!("trigger:posts.positions {POSITION}")],
        ),
        (
            "CREATE TRIGGER archives AFTER DELETE ON posts BEGIN
             INSERT INTO archive SELECT * FROM users; END",
            vec![format!("trigger:posts.archives {ALL}")],
        ),
        (
            "CREATE TRIGGER zzz_handover_guard_x BEFORE UPDATE ON users
             BEGIN UPDATE users SET username = 1; END",
            vec![],
        ),
        (
            "CREATE VIEW plain AS SELECT u.username, id FROM users u",
            vec![format!("view:plain {changes}")],
        ),
        (
            "CREATE VIEW expression AS SELECT max(username) FROM users",
            vec![
                "view:expression has a column `max(username)` that would be called `max(handle)`"
                    .into(),
            ],
        ),
        (
            "CREATE VIEW star AS SELECT * FROM users JOIN posts ON author = users.id",
            vec![format!("view:star {changes}"), format!("view:star {ALL}")],
        ),
        ("CREATE VIEW listed (username) AS SELECT username FROM users", vec![]),
        ("CREATE VIEW aliased AS SELECT username AS username FROM users", vec![]),
        (
            "CREATE VIEW other AS SELECT p.username FROM posts p, users u WHERE u.username > ''",
            vec![],
        ),
        ("CREATE VIEW on_listed AS SELECT username FROM listed", vec![]),
        (
            "CREATE VIEW on_plain AS SELECT username AS name FROM plain",
            vec![format!("view:on_plain {}", names("plain"))],
        ),
        (
            "CREATE VIEW nested AS SELECT s.username AS name FROM (SELECT username FROM users) s",
            vec![format!("view:nested {}", names("s"))],
        ),
        (
            "CREATE TRIGGER instead INSTEAD OF INSERT ON plain BEGIN
             INSERT INTO posts (username) VALUES (NEW.username); END",
            vec![format!("trigger:plain.instead {}", names("plain"))],
        ),
        (
            "CREATE VIRTUAL TABLE search USING fts5(username, content='users', content_rowid='id')",
            vec![
                "virtual-table:search takes its text from the column `users.username` by name"
                    .into(),
            ],
        ),
        ("CREATE VIRTUAL TABLE own USING fts5(username)", vec![]),
    ];
    let cases: Vec<(&str, Vec<&str>)> = cases
        .iter()
        .map(|(sql, lines)| (*sql, lines.iter().map(String::as_str).collect()))
        .collect();
    let cases: Vec<(&str, &[&str])> =
        cases.iter().map(|(sql, lines)| (*sql, lines.as_slice())).collect();
    expect(&project, &cases);
}

/// SQLite renames a column only beside views and triggers that it understands.
#[test]
fn sqlite_views_and_triggers_that_do_not_work() {
    let project = Project::bare(Db::Sqlite);
    project.sql(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT); CREATE TABLE gone (a);
         CREATE VIEW stale AS SELECT a FROM gone; DROP TABLE gone;
         CREATE TABLE posts (id INT);
         PRAGMA writable_schema = ON;
         INSERT INTO sqlite_schema VALUES ('table', 'far', 'far', 0,
         'CREATE VIRTUAL TABLE far USING missing(a)');
         PRAGMA writable_schema = RESET;
         CREATE TRIGGER to_far AFTER INSERT ON posts BEGIN INSERT INTO far VALUES (1); END",
    );
    assert_eq!(
        lines(&project, "users"),
        [
            "trigger:posts.to_far does not work as it is (no such module: missing)",
            "view:stale does not work as it is (no such table: main.gone)",
        ]
    );
}

/// The database then writes one of the two columns, and the guard refuses that.
#[test]
fn foreign_keys_that_write_the_column() {
    for db in Db::ALL {
        let project = Project::bare(db);
        project.sql(
            "CREATE TABLE people (name varchar(20) PRIMARY KEY);
             CREATE TABLE users (id int PRIMARY KEY, username varchar(20), other varchar(20),
             CONSTRAINT k FOREIGN KEY (username) REFERENCES people (name)
             ON DELETE SET NULL ON UPDATE CASCADE,
             CONSTRAINT l FOREIGN KEY (username) REFERENCES people (name) ON DELETE CASCADE,
             CONSTRAINT m FOREIGN KEY (other) REFERENCES people (name) ON UPDATE CASCADE)",
        );
        let name = match db {
            Db::Sqlite => "users.username",
            Db::Postgres => "public.users.k",
            Db::Mariadb => "db.users.k",
        };
        let line = |clause: &str| {
            format!(
                "foreign-key:{name} writes the column `users.username` by `{clause}`, but not its copy"
            )
        };
        let want = [line("ON DELETE SET NULL"), line("ON UPDATE CASCADE")];
        assert_eq!(lines(&project, "users"), want, "on {db:?}");
    }
}

#[test]
fn postgres_a_foreign_key_that_sets_some_columns() {
    let project = Project::bare(Db::Postgres);
    project.sql(
        "CREATE TABLE p (a int, b text, UNIQUE (a, b));
         CREATE TABLE users (a int, username text,
         FOREIGN KEY (a, username) REFERENCES p (a, b) ON DELETE SET NULL (a))",
    );
    assert_eq!(lines(&project, "users"), Vec::<String>::new());
}

fn triggers_of(project: &Project) -> Vec<AppTrigger> {
    let table: TableName = "users".parse().unwrap();
    project.block_on(async |db| uses::triggers(db, dialect(project.db), &table).await.unwrap())
}

/// Which triggers a copy into `handle` fires: as usual, and as a replica.
fn fired(project: &Project) -> Vec<String> {
    let shown = |trigger: &AppTrigger| {
        let runs =
            |as_replica| trigger.runs_on_update_of(dialect(project.db), "handle", as_replica);
        let events: Vec<String> = trigger.events.iter().map(ToString::to_string).collect();
        let name = &trigger.object.name;
        format!("{name} {} {} {} {}", trigger.timing, events.join(","), runs(false), runs(true))
    };
    triggers_of(project).iter().map(shown).collect()
}

#[test]
fn triggers_of_the_table_itself() {
    let sqlite = Project::bare(Db::Sqlite);
    sqlite.sql(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, n INT);
         CREATE TABLE posts (id INT);
         CREATE TRIGGER a_every UPDATE ON users BEGIN SELECT 1; END;
         CREATE TRIGGER b_some AFTER UPDATE OF username, n ON users BEGIN SELECT 1; END;
         CREATE TRIGGER \"update\" AFTER DELETE ON users BEGIN SELECT 1; END;
         CREATE TRIGGER elsewhere AFTER UPDATE ON posts BEGIN SELECT 1; END;
         CREATE TRIGGER zzz_handover_guard_x UPDATE ON users BEGIN SELECT 1; END",
    );
    assert_eq!(
        fired(&sqlite),
        [
            "a_every BEFORE UPDATE true false",
            "b_some AFTER UPDATE false false",
            "update AFTER DELETE false false"
        ]
    );
    let mariadb = Project::bare(Db::Mariadb);
    mariadb.sql("CREATE TABLE users (id int, username varchar(20))");
    for event in ["INSERT", "UPDATE"] {
        mariadb.sql(&format!(
            "CREATE TRIGGER t_{event} BEFORE {event} ON users FOR EACH ROW SET NEW.id = 1"
        ));
    }
    assert_eq!(
        fired(&mariadb),
        ["t_INSERT BEFORE INSERT false false", "t_UPDATE BEFORE UPDATE true false"]
    );
    let postgres = Project::bare(Db::Postgres);
    postgres.sql(
        "CREATE TABLE users (id int, username text);
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER a BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f();
         CREATE TRIGGER b AFTER UPDATE OF username ON users FOR EACH ROW EXECUTE FUNCTION f();
         CREATE TRIGGER c AFTER UPDATE ON users EXECUTE FUNCTION f();
         CREATE TRIGGER d AFTER UPDATE ON users EXECUTE FUNCTION f();
         CREATE TRIGGER e AFTER UPDATE ON users EXECUTE FUNCTION f();
         CREATE TRIGGER f AFTER TRUNCATE ON users EXECUTE FUNCTION f();
         CREATE TRIGGER zzz_handover_guard_x AFTER UPDATE ON users EXECUTE FUNCTION f();
         ALTER TABLE users ENABLE ALWAYS TRIGGER c; ALTER TABLE users ENABLE REPLICA TRIGGER d;
         ALTER TABLE users DISABLE TRIGGER e;
         CREATE RULE r AS ON UPDATE TO users WHERE NEW.id = 0 DO INSTEAD NOTHING",
    );
    assert_eq!(
        fired(&postgres),
        [
            "a BEFORE INSERT,UPDATE true false",
            "b AFTER UPDATE false false",
            "c AFTER UPDATE true true",
            "d AFTER UPDATE false true",
            "e AFTER UPDATE false false",
            "f AFTER TRUNCATE false false",
            "r INSTEAD OF UPDATE true false"
        ]
    );
    let rule = triggers_of(&postgres).pop().unwrap().object;
    assert_eq!(rule.to_string(), "the rule `r` on `public.users`");
}

/// The spelling of an object is that which finds it again.
#[test]
fn objects_are_found_by_what_a_user_types() {
    let project = Project::bare(Db::Postgres);
    project.sql(
        "CREATE TABLE users (id int, username text);
         CREATE FUNCTION touch(a integer) RETURNS SETOF text LANGUAGE sql AS
         'SELECT username FROM users';
         CREATE FUNCTION \"Odd.name\"(a double precision[]) RETURNS SETOF text LANGUAGE sql AS
         'SELECT username FROM users'",
    );
    let found = uses_of(&project, "users");
    let objects: Vec<&Object> = found.iter().map(|one| &one.object).collect();
    let keys: Vec<String> = objects.iter().map(|object| object.key()).collect();
    assert_eq!(
        keys,
        ["function:public.\"Odd.name\"(double precision[])", "function:public.touch(integer)"]
    );
    for given in ["touch", "function:touch", "public.touch(integer)", &keys[1]] {
        assert_eq!(uses::find(given, &objects).unwrap(), objects[1], "{given}");
    }
    assert_eq!(uses::find(&keys[0], &objects).unwrap(), objects[0]);
    assert!(uses::find("touch(text)", &objects).is_err());
}
