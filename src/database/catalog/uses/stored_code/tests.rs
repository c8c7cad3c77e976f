//! The effects of bodies, read from their text alone; `tests/uses/` has them on servers.

use super::body_problems::{Body, problems};
use super::tokens::Reading;
use crate::database::Dialect;
use crate::database::catalog::uses::problem::Problem;
use crate::database::catalog::uses::subject::Subject;

/// The problems as short words; one that is not certain with a question mark.
fn shown(subject: &Subject, body: Body) -> String {
    let word = |problem: &Problem| match problem {
        Problem::Names { .. } => "names",
        Problem::Writes { .. } => "writes",
        Problem::ChangesRow { .. } => "changes",
        Problem::InsertsByPosition { .. } => "position",
        Problem::ReadsAllColumns { .. } => "all",
        Problem::UsesWholeRow { .. } => "row",
        Problem::JoinsNaturally { .. } => "natural",
        _ => "other",
    };
    let found = problems(subject, body);
    let found: Vec<String> = found
        .iter()
        .map(|(problem, certain)| word(problem).to_owned() + if *certain { "" } else { "?" })
        .collect();
    found.join(" ")
}

#[test]
fn functions_of_postgres() {
    let subject = Subject::sample(Dialect::Postgres);
    for (text, want) in [
        ("SELECT username FROM users", "names"),
        ("SELECT u.username FROM public.users u JOIN posts p ON true", "names"),
        ("SELECT username FROM users, posts", "names?"),
        ("SELECT username FROM other.users", ""),
        ("SELECT \"Username\" FROM users", ""),
        ("SELECT USERNAME FROM Users", "names"),
        ("SELECT p.username FROM users u JOIN posts p ON true", ""),
        ("SELECT id AS username FROM users", ""),
        ("SELECT id FROM users -- username\n WHERE name = 'the username'", ""),
        ("UPDATE users SET username = $1 WHERE id = $2", "writes"),
        ("UPDATE users SET username = $1, handle = $1", "names"),
        ("UPDATE users SET id = 1; INSERT INTO people (username) VALUES ('x')", ""),
        ("INSERT INTO users (id, username) VALUES (1, 'a')", "writes"),
        ("INSERT INTO users VALUES (1, 'a')", "position"),
        ("INSERT INTO users (SELECT 1, 'a')", "position"),
        ("INSERT INTO users (id) VALUES (1) ON CONFLICT (username) DO NOTHING", "names"),
        ("SELECT * FROM users", "all?"),
        ("INSERT INTO archive SELECT * FROM users", "all"),
        ("SELECT count(*) FROM users", ""),
        ("SELECT 1 WHERE EXISTS (SELECT * FROM users)", ""),
        ("SELECT u.* FROM users u, posts", "all?"),
        ("SELECT p.* FROM users u, posts p", ""),
        ("DECLARE v users.username%TYPE; BEGIN RETURN v; END", "names"),
        (
            "DECLARE r users%ROWTYPE; BEGIN SELECT * INTO r FROM users; RETURN r.username; END",
            "names?",
        ),
        ("DECLARE username text; BEGIN username := 1; DELETE FROM users WHERE id = 1; END", ""),
        (
            "BEGIN FOR r IN SELECT * FROM users LOOP RAISE NOTICE '%', r.username; END LOOP; END",
            "names?",
        ),
        ("BEGIN EXECUTE 'UPDATE users SET username = $1' USING x; END", "writes"),
        ("BEGIN EXECUTE format('UPDATE %I SET %I = 1', 'users', 'username'); END", "names?"),
        ("BEGIN EXECUTE 'UPDATE users SET ' || 'username = 1'; END", "names?"),
        ("BEGIN EXECUTE $q$INSERT INTO users VALUES (1)$q$; END", "position"),
        ("BEGIN RAISE NOTICE 'UPDATE users SET username = 1'; END", ""),
        ("CREATE TEMP TABLE t AS SELECT * FROM users; SELECT username FROM t", "names? all?"),
        ("WITH t AS (SELECT * FROM users) SELECT t.username FROM t", "names? all?"),
        ("SELECT u ->> 'username' FROM (SELECT to_jsonb(users) AS u FROM users) s", "names?"),
        ("MERGE INTO users u USING p ON true WHEN NOT MATCHED THEN INSERT VALUES (1)", "position"),
        ("COPY users FROM '/tmp/x'", "position"),
        ("SELECT 1 FROM posts WHERE username = 'x'", ""),
        ("SELECT title FROM users NATURAL JOIN posts", "natural?"),
        ("SELECT title FROM posts NATURAL LEFT JOIN public.users u", "natural?"),
        ("SELECT 1 FROM users NATURAL JOIN other", ""),
        ("SELECT 1 FROM users NATURAL JOIN (SELECT 1 AS a) s", "natural?"),
        ("SELECT 1 FROM users a NATURAL JOIN users b", "natural?"),
        ("SELECT 1 FROM other NATURAL JOIN posts; SELECT id FROM users", ""),
        ("SELECT title FROM users JOIN posts USING (username)", "names?"),
    ] {
        assert_eq!(shown(&subject, Body::new(&subject, text)), want, "{text}");
    }
}

#[test]
fn bodies_of_triggers_of_the_table() {
    for (dialect, text, want) in [
        (
            Dialect::Postgres,
            "BEGIN NEW.username := lower(NEW.username); RETURN NEW; END",
            "changes",
        ),
        (
            Dialect::Postgres,
            "BEGIN IF x THEN NEW.username = 'a'; END IF; RETURN NEW; END",
            "changes",
        ),
        (Dialect::Postgres, "BEGIN SELECT a INTO NEW.username FROM b; RETURN NEW; END", "changes"),
        (Dialect::Postgres, "BEGIN IF NEW.username = 'a' THEN RETURN NULL; END IF; END", "names"),
        (Dialect::Postgres, "BEGIN NEW.id := length(OLD.username); RETURN NEW; END", "names"),
        (Dialect::Postgres, "BEGIN NEW.updated_at := now(); RETURN NEW; END", ""),
        (
            Dialect::Postgres,
            "BEGIN INSERT INTO a VALUES (to_jsonb(NEW) ->> 'username'); END",
            "names? row?",
        ),
        (Dialect::Postgres, "BEGIN INSERT INTO log SELECT NEW.*; RETURN NEW; END", "row?"),
        (
            Dialect::Postgres,
            "BEGIN INSERT INTO log (username) VALUES (NEW.id); RETURN NEW; END",
            "names?",
        ),
        (Dialect::MariaDb, "SET NEW.id = 1, NEW.`username` = lower(NEW.username)", "changes"),
        (Dialect::MariaDb, "BEGIN SELECT 1 INTO NEW.username; END", "changes"),
        (Dialect::MariaDb, "INSERT INTO log VALUES (old.USERNAME)", "names"),
        (Dialect::MariaDb, "SET NEW.x = if(NEW.username = 'a', 1, 2)", "names"),
        (Dialect::MariaDb, "SET NEW.x = 1", ""),
    ] {
        let subject = Subject::sample(dialect);
        let body = Body { own_trigger: true, home: Some("public"), ..Body::new(&subject, text) };
        assert_eq!(shown(&subject, body), want, "{text}");
    }
}

#[test]
fn bodies_of_mariadb() {
    let subject = Subject::sample(Dialect::MariaDb);
    for (home, text, want) in [
        ("public", "UPDATE `users` SET username = 1", "writes"),
        ("other", "UPDATE users SET username = 1", ""),
        ("other", "UPDATE `public`.`users` SET username = 1", "writes"),
        (
            "other",
            "UPDATE posts p JOIN public.users u ON p.id = u.id SET u.username = p.username",
            "writes",
        ),
        ("public", "UPDATE posts p JOIN users u ON p.id = u.id SET p.username = 1", ""),
        ("public", "INSERT INTO users VALUES (1, 'a')", "position"),
        ("public", "REPLACE users VALUES (1, 'a')", "position"),
        ("public", "INSERT INTO users SET username = 'a'", "writes"),
        (
            "public",
            "BEGIN DECLARE c CURSOR FOR SELECT * FROM users; FETCH c INTO a, b; END",
            "all?",
        ),
        ("public", "BEGIN PREPARE s FROM 'SELECT username FROM users'; EXECUTE s; END", "names"),
        ("public", "UPDATE posts SET a = NEW.username WHERE x = (SELECT id FROM users)", ""),
        ("public", "SELECT \"username\" FROM users", "names?"),
        ("public", "SELECT \"a username\" FROM users", ""),
    ] {
        let body = Body { home: Some(home), ..Body::new(&subject, text) };
        assert_eq!(shown(&subject, body), want, "{home}: {text}");
    }
    let text = "UPDATE \"users\" SET \"username\" = 1";
    let reading = Some(Reading { ansi_quotes: true, ..subject.reading() });
    let body = Body { home: Some("public"), reading, ..Body::new(&subject, text) };
    assert_eq!(shown(&subject, body), "writes");
}

#[test]
fn triggers_of_sqlite() {
    let subject = Subject::sample(Dialect::Sqlite);
    for (body, want) in [
        ("UPDATE users SET username = lower(NEW.username);", "writes"),
        ("UPDATE users SET n = n + 1;", ""),
        ("INSERT INTO log (username) VALUES (NEW.username);", ""),
        ("INSERT INTO users VALUES (1, 'a');", "position"),
        ("INSERT OR IGNORE INTO main.users (username) VALUES ('a');", "writes"),
        ("INSERT INTO users (id) VALUES (1) ON CONFLICT DO UPDATE SET username = 'a';", "writes"),
        ("INSERT INTO archive SELECT * FROM users;", "all"),
        ("SELECT * FROM users;", ""),
        ("DELETE FROM users WHERE username = OLD.username;", ""),
    ] {
        for header in
            ["AFTER INSERT ON posts", "BEFORE UPDATE OF username ON users", "UPDATE ON posts"]
        {
            let text = format!("CREATE TRIGGER t {header} BEGIN {body} SELECT 1; END");
            let own_trigger = header.ends_with("users");
            let body = Body { own_trigger, ..Body::new(&subject, &text) };
            assert_eq!(shown(&subject, body), want, "{text}");
        }
    }
}

#[test]
fn other_languages_and_what_cannot_be_read() {
    let subject = Subject::sample(Dialect::Postgres);
    for (text, want) in [
        ("plpy.execute('UPDATE users SET username = 1')", "names?"),
        ("plpy.execute('UPDATE usernames SET users = 1')", ""),
        ("return x.username", ""),
    ] {
        let body = Body { reading: None, ..Body::new(&subject, text) };
        assert_eq!(shown(&subject, body), want, "{text}");
    }
    let unread = "SELECT username FROM users WHERE name = 'it";
    assert_eq!(shown(&subject, Body::new(&subject, unread)), "names?");
    let body = Body { has_row: true, ..Body::new(&subject, "SELECT u.username") };
    assert_eq!(shown(&subject, body), "names?");
    let body =
        Body { returns_row: true, has_row: true, ..Body::new(&subject, "SELECT * FROM users") };
    assert_eq!(shown(&subject, body), "");
    let namesakes = Subject { has_namesakes: true, ..subject };
    for (text, want) in
        [("SELECT username FROM users", "names?"), ("SELECT username FROM public.users", "names")]
    {
        assert_eq!(shown(&namesakes, Body::new(&namesakes, text)), want, "{text}");
    }
}
